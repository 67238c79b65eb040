{# What several rules of the returns say in the same words. #}


{# 31 March of the collection of a record. #}
{% macro end_of_collection(record) -%}
    make_date({{ record }}.collection_year, 3, 31)
{%- endmacro %}


{# True where a value was left blank; what was given and could not be used is named by the rules on values. #}
{% macro is_blank(record, field) -%}
    {{ record }}.{{ field }} is null and not {{ has_problem(record ~ '.problems', field) }}
{%- endmacro %}


{# The day by which somebody of that month of birth has certainly turned so many years: the first of the next month. #}
{% macro turned_by(birth_month, years) -%}
    ({{ month_end(birth_month ~ ' + interval ' ~ years ~ ' year') }} + 1)
{%- endmacro %}


{#
    The day from which nobody can be looked after: 18 for all but those accommodated in a community home under section
    20(5) of the Children Act 1989 (a children's home, K2, under V2), who can be until 21.
#}
{% macro too_old_for_care(episode, birth_month) -%}
    case
        when {{ episode }}.legal_status = 'V2' and {{ episode }}.placement_type = 'K2'
            then {{ turned_by(birth_month, 21) }}
        else {{ turned_by(birth_month, 18) }}
    end
{%- endmacro %}


{# True after the month of death, unless that lies before the month of birth and is wrong itself (SC115). #}
{% macro is_after_death(day, child) -%}
    {{ day }} >= {{ child }}.death_month + interval 1 month
    and coalesce({{ child }}.death_month >= {{ child }}.birth_month, true)
{%- endmacro %}


{# True where something began in the child's life and goes on after the month of death. #}
{% macro goes_on_after_death(start, end, child) -%}
    {{ start }} < {{ child }}.death_month + interval 1 month
    and coalesce({{ is_after_death(end, child) }}, true)
{%- endmacro %}


{# The fields of the yearly returns that are days: what begins, what ends, what has to lie before the case is closed. #}
{% macro days_of_returns() -%}
    {{ return({
        'cin_referral': {'begins': ['referral_date'], 'ends': ['closure_date', 'date_of_initial_cpc'], 'in_case': []},
        'cin_assessment': {
            'begins': ['start_date'], 'ends': ['authorisation_date'], 'in_case': ['start_date', 'authorisation_date']
        },
        'cin_plan': {'begins': ['start_date'], 'ends': ['end_date'], 'in_case': ['start_date', 'end_date']},
        'cin_section47': {
            'begins': ['start_date'], 'ends': ['conference_date'], 'in_case': ['start_date', 'conference_date']
        },
        'cin_protection_plan': {'begins': ['start_date'], 'ends': ['end_date'], 'in_case': ['start_date']},
        'cin_plan_review': {'begins': ['review_date'], 'ends': [], 'in_case': []},
        's903_episode': {'begins': ['start_date'], 'ends': ['end_date'], 'in_case': []},
        's903_missing': {'begins': ['start_date'], 'ends': ['end_date'], 'in_case': []},
    }) }}
{%- endmacro %}


{#
    Records in the order of their first days, each beside the last end of those before it of the same child or case
    (`of`), which is far away where one of them has none.
#}
{% macro with_end_before(records, end, of) -%}
    select
        landed_row_id,
        start_date,
        max(coalesce({{ end }}, date '9999-12-31')) over (
            partition by {{ of }}
            order by start_date, landed_row_id
            rows between unbounded preceding and 1 preceding
        ) as latest_end_before
    from {{ records }}
{%- endmacro %}


{# Episodes of care beside the ones before and after them. Short breaks stand apart: they follow on nothing. #}
{% macro episodes_in_order(latest) -%}
    select
        *,
        lag(start_date) over child_episodes as start_date_before,
        lag(end_date) over child_episodes as end_date_before,
        lead(start_date) over child_episodes as next_start_date
    from {{ latest.s903_episode }}
    where not coalesce(legal_status in ('V3', 'V4'), false)
    window child_episodes as (partition by la_code, child_key order by start_date, landed_row_id)
{%- endmacro %}


{#
    Periods of care: episodes of which each begins no later than an earlier one ends, short breaks left out. An episode
    left open is over when the next begins, when a collection does not tell it any more, or with childhood. Where the
    first known episode of a child does not say that care starts (S), it began nobody knows when.
#}
{% macro care_periods(latest) -%}
    select
        la_code,
        child_key,
        period_no,
        min(start_date) as start_date,
        case when count(*) = count(end_date) then max(end_date) end as end_date,
        period_no > 1 or bool_or(is_first and reason_new_episode = 'S') as is_beginning_known
    from (
        select
            *,
            sum(case when latest_end_before >= start_date then 0 else 1 end) over (
                partition by la_code, child_key
                order by start_date, end_date nulls last, landed_row_id
                rows between unbounded preceding and current row
            ) as period_no,
            latest_end_before is null as is_first
        from (
            select
                *,
                max(coalesce(end_date, date '9999-12-31')) over (
                    partition by la_code, child_key
                    order by start_date, end_date nulls last, landed_row_id
                    rows between unbounded preceding and 1 preceding
                ) as latest_end_before
            from (
                select
                    episode.* replace (
                        least(
                            coalesce(
                                case
                                    when episode.reason_episode_ceased = 'X1' and episode.next_start_date is null then null
                                    else episode.end_date
                                end,
                                episode.next_start_date, episode.absent_from
                            ),
                            {{ too_old_for_care('episode', 'child.birth_month') }}
                        ) as end_date
                    )
                from ({{ episodes_in_order(latest) }}) as episode
                left join (
                    select
                        header.la_code,
                        header.child_key,
                        max(header.birth_month) as birth_month
                    from {{ latest.s903_header }} as header
                    group by header.la_code, header.child_key
                ) as child
                    on episode.la_code = child.la_code and episode.child_key = child.child_key
            ) as ended
        ) as in_order
    ) as numbered
    group by la_code, child_key, period_no
{%- endmacro %}


{#
    Whether a child was looked after at the end of each collection it is in, and whether that began in the year: one row
    per child and collection, of those of whom an episode is known. Somebody whose care ends on the day is not looked
    after on it.
#}
{% macro care_at_year_end(latest) -%}
    select
        child.la_code,
        child.child_key,
        child.collection_year,
        min(period.start_date) as first_day,
        coalesce(bool_or(
            period.start_date <= make_date(child.collection_year, 3, 31)
            and coalesce(period.end_date > make_date(child.collection_year, 3, 31), true)
        ), false) as is_looked_after,
        coalesce(bool_or(
            period.is_beginning_known
            and period.start_date > make_date(child.collection_year - 1, 4, 1)
            and period.start_date <= make_date(child.collection_year, 3, 31)
            and coalesce(period.end_date > make_date(child.collection_year, 3, 31), true)
        ), false) as began_in_year
    from (
        select la_code, child_key, collection_year from {{ latest.s903_health }}
        union
        select la_code, child_key, collection_year from {{ latest.s903_header }}
    ) as child
    inner join (select distinct la_code, child_key from {{ latest.s903_episode }}) as known
        on child.la_code = known.la_code and child.child_key = known.child_key
    left join ({{ care_periods(latest) }}) as period
        on
            child.la_code = period.la_code
            and child.child_key = period.child_key
            and period.start_date is not null
    group by child.la_code, child.child_key, child.collection_year
{%- endmacro %}


{# The first day on which each child is known to a census or a looked-after return. #}
{% macro first_days(latest) -%}
    select
        la_code,
        child_key,
        min(day) as first_day
    from (
        select la_code, child_key, referral_date as day from {{ latest.cin_referral }}
        union all
        select la_code, child_key, start_date as day from {{ latest.s903_episode }}
    ) as events
    group by la_code, child_key
{%- endmacro %}


{#
    True where a month of birth cannot be right: it makes somebody 26 who was not known before 18. Whoever was is an adult
    whose record was never ended.
#}
{% macro is_birth_too_early(child, first_day) -%}
    {{ child }}.birth_month <= make_date({{ child }}.collection_year - 26, 3, 31)
    and coalesce({{ first_day }} >= {{ turned_by(child ~ '.birth_month', 18) }}, true)
{%- endmacro %}


{# The month of birth of each child; of several told the youngest: only then is it certain what somebody is too old for. #}
{% macro births_told(latest) -%}
    select
        child.la_code,
        child.child_key,
        child.birth_month
    from (
        select
            la_code,
            child_key,
            max(birth_month) as birth_month,
            max(collection_year) as collection_year
        from (
            select la_code, child_key, birth_month, collection_year from {{ latest.cin_child }}
            union all
            select la_code, child_key, birth_month, collection_year from {{ latest.s903_header }}
        ) as children
        group by la_code, child_key
    ) as child
    left join ({{ first_days(latest) }}) as known
        on child.la_code = known.la_code and child.child_key = known.child_key
    where not ({{ is_birth_too_early('child', 'known.first_day') }})
{%- endmacro %}
