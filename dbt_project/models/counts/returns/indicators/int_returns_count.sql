{#- What a window itself says is counted like everything else, so that it can stand below a line. -#}
with

social_care_window as (
    select * from {{ ref('int_social_care_window') }}
),

authority as (
    select
        la_code,
        area_code
    from {{ ref('dim_authority') }}
),

people_by_year as (
    select
        area_code,
        mid_year,
        cast(sum(case when age < 18 then population end) as bigint) as children_0_17,
        cast(sum(case when age >= 16 then population end) as bigint) as residents_16_over,
        max(age) as oldest
    from {{ ref('population_estimate') }}
    group by area_code, mid_year
),

send as (
    select * from {{ ref('int_returns_send') }}
),

counted as (
    {{ union_by_name([
        ref('int_returns_count_census'), ref('int_returns_count_care'), ref('int_returns_count_local')
    ]) }}
),

uncovered as (
    select * from {{ ref('int_social_care_uncovered') }}
),

-- Where a record that a measure needs is not held for the whole of its look-back there is no count, not even nought.
counts as (
    select
        counted.source_id,
        counted.la_code,
        counted.window_id,
        counted.measure_id,
        counted.breakdown,
        counted.breakdown_value,
        case when uncovered.reason is null then counted.events end as events,
        uncovered.reason
    from counted
    left join uncovered
        on
            counted.source_id = uncovered.source_id
            and counted.la_code = uncovered.la_code
            and counted.window_id = uncovered.window_id
            and counted.measure_id = uncovered.measure_id
),

years_within as (
    select
        longer.source_id,
        longer.la_code,
        longer.window_id,
        social_care_window.window_id as year_window_id
    from social_care_window as longer
    inner join social_care_window
        on
            longer.source_id = social_care_window.source_id
            and longer.la_code = social_care_window.la_code
            and longer.period_start <= social_care_window.period_start
            and longer.period_end >= social_care_window.period_end
    where social_care_window.is_year and not longer.is_year
),

-- The years of a longer window added up: somebody who comes in two years counts in both.
counts_of_years_within as (
    select
        years_within.source_id,
        years_within.la_code,
        years_within.window_id,
        counts.measure_id || '_each_year' as measure_id,
        counts.breakdown,
        counts.breakdown_value,
        cast(case when count(counts.events) = count(*) then sum(counts.events) end as bigint) as events,
        min(counts.reason) as reason
    from years_within
    inner join counts
        on
            years_within.source_id = counts.source_id
            and years_within.la_code = counts.la_code
            and years_within.year_window_id = counts.window_id
    group by
        years_within.source_id,
        years_within.la_code,
        years_within.window_id,
        counts.measure_id,
        counts.breakdown,
        counts.breakdown_value
),

numbers_of_years as (
    select
        source_id,
        la_code,
        window_id,
        'years' as measure_id,
        count(*) as events
    from years_within
    group by source_id, la_code, window_id
),

lengths as (
    select
        source_id,
        la_code,
        window_id,
        'months' as measure_id,
        cast(12 as bigint) as events
    from social_care_window
    where is_year
    union all
    select
        source_id,
        la_code,
        window_id,
        'days' as measure_id,
        {{ days_between('period_start', 'period_end') }} + 1 as events
    from social_care_window
),

-- National practice: the estimate of the mid-year before the end of the year (mid-2015 for the year to March 2016).
people_by_window as (
    select
        social_care_window.source_id,
        social_care_window.la_code,
        social_care_window.window_id,
        people_by_year.children_0_17,
        -- An extract of children only says nothing of adults.
        case when people_by_year.oldest >= 85 then people_by_year.residents_16_over end as residents_16_over
    from social_care_window
    inner join authority on social_care_window.la_code = authority.la_code
    inner join people_by_year
        on
            authority.area_code = people_by_year.area_code
            and people_by_year.mid_year = extract(year from social_care_window.period_end)
            - case when extract(month from social_care_window.period_end) <= 6 then 1 else 0 end
),

people_counts as (
    {% for measure in ['children_0_17', 'residents_16_over'] %}
    select
        source_id,
        la_code,
        window_id,
        '{{ measure }}' as measure_id,
        {{ measure }} as events
    from people_by_window
    where {{ measure }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

offences_by_year as (
    select
        years_within.source_id,
        years_within.la_code,
        years_within.window_id,
        max(case when counts.measure_id = 'offences' then counts.events end) as offences,
        max(case when counts.measure_id = 'offences_male' then counts.events end) as offences_male
    from years_within
    inner join counts
        on
            years_within.source_id = counts.source_id
            and years_within.la_code = counts.la_code
            and years_within.year_window_id = counts.window_id
    where counts.measure_id in ('offences', 'offences_male') and counts.breakdown = 'total'
    group by years_within.source_id, years_within.la_code, years_within.window_id, years_within.year_window_id
),

extreme_years as (
    select
        source_id,
        la_code,
        window_id,
        {% for which, function in [('lowest', 'min_by'), ('highest', 'max_by')] %}
        {% for measure in ['offences', 'offences_male'] %}
        {{ function }}({{ measure }}, cast(offences_male as double) / offences) as {{ measure }}_in_{{ which }}_year
        {{- ',' if not (loop.last and which == 'highest') }}
        {% endfor %}
        {% endfor %}
    from offences_by_year
    where offences > 0
    group by source_id, la_code, window_id
),

offences_of_a_year as (
    select
        counts.source_id,
        counts.la_code,
        social_care_window.period_start,
        social_care_window.period_end,
        counts.events
    from counts
    inner join social_care_window
        on
            counts.source_id = social_care_window.source_id
            and counts.la_code = social_care_window.la_code
            and counts.window_id = social_care_window.window_id
    where
        counts.measure_id = 'offences'
        and counts.breakdown = 'total'
        and social_care_window.period_end = social_care_window.period_start + interval 1 year - interval 1 day
),

-- The first and the last year of a longer window: those of twelve months that begin, or end, with it.
first_and_last as (
    select
        longer.source_id,
        longer.la_code,
        longer.window_id,
        max(first_year.events) as offences_in_first_year,
        max(first_year.events) - max(last_year.events) as offences_fewer
    from social_care_window as longer
    inner join offences_of_a_year as first_year
        on
            longer.source_id = first_year.source_id
            and longer.la_code = first_year.la_code
            and longer.period_start = first_year.period_start
    inner join offences_of_a_year as last_year
        on
            longer.source_id = last_year.source_id
            and longer.la_code = last_year.la_code
            and longer.period_end = last_year.period_end
    where first_year.period_end < last_year.period_end
    group by longer.source_id, longer.la_code, longer.window_id
),

offence_counts as (
    {% for table, measures in [
        ('extreme_years', [
            'offences_in_lowest_year', 'offences_male_in_lowest_year',
            'offences_in_highest_year', 'offences_male_in_highest_year',
        ]),
        ('first_and_last', ['offences_in_first_year', 'offences_fewer']),
    ] %}
    {% set is_last_table = loop.last %}
    {% for measure in measures %}
    select
        source_id,
        la_code,
        window_id,
        '{{ measure }}' as measure_id,
        cast({{ measure }} as bigint) as events
    from {{ table }}
    {{ 'union all' if not (loop.last and is_last_table) }}
    {% endfor %}
    {% endfor %}
),

send_counts as (
    {% for measure, column in [('send_children_involved', 'observed'), ('send_children', 'send_pupils')] %}
    select
        social_care_window.source_id,
        social_care_window.la_code,
        social_care_window.window_id,
        '{{ measure }}' as measure_id,
        'involvement' as breakdown,
        send.involvement as breakdown_value,
        send.{{ column }} as events
    from send
    inner join social_care_window
        on
            send.la_code = social_care_window.la_code
            and send.reporting_year = social_care_window.period
            and social_care_window.source_id = 'school_census'
            and social_care_window.is_year
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

every_count as (
    {{ union_by_name([
        'counts', 'counts_of_years_within', 'numbers_of_years', 'lengths', 'people_counts', 'offence_counts', 'send_counts'
    ]) }}
)

-- What is not broken down is the total.
select
    source_id,
    la_code,
    window_id,
    measure_id,
    coalesce(breakdown, 'total') as breakdown,
    case when breakdown is null then 'total' else breakdown_value end as breakdown_value,
    events,
    reason
from every_count
