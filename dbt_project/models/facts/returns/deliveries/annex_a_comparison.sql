{#- List, the mart of the return that has the same events, and the days by which both name them. -#}
{%- set lists = [
    ('annex_a_referral', 'referral_date', 'fct_referral', 'referral_date', 'null::date', false),
    ('annex_a_assessment', 'start_date', 'fct_assessment', 'start_date', 'null::date', false),
    ('annex_a_section47', 'start_date', 'fct_section47', 'start_date', 'null::date', false),
    ('annex_a_child_in_need', 'start_date', 'fct_cin_episode', 'start_date', 'end_date', true),
    ('annex_a_protection_plan', 'start_date', 'fct_protection_plan', 'start_date', 'end_date', true),
    ('annex_a_looked_after', 'start_date', 'fct_care_period', 'start_date', 'end_date', true),
] -%}

with

listed_events as (
    {%- for record_id, day, mart, mart_day, end_day, is_caseload in lists %}
    select
        '{{ record_id }}' as record_id,
        {{ is_caseload }} as is_caseload,
        la_code,
        child_key,
        {{ day }} as event_date
    from (
        {{ accepted_records(ref('stg_returns__' ~ record_id), ref('int_returns_disposition')) }}
    )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

returned_events as (
    {%- for record_id, day, mart, mart_day, end_day, is_caseload in lists %}
    select
        '{{ record_id }}' as record_id,
        la_code,
        child_key,
        {{ mart_day }} as event_date,
        {{ end_day }} as end_date
    from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- A list of events covers the days between its first and its last; a caseload also what began earlier and was open
-- at some time in the six months before its last.
days_covered as (
    select
        la_code,
        record_id,
        is_caseload,
        case when is_caseload then max(event_date) - interval 6 month else min(event_date) end as first_day,
        max(event_date) as last_day
    from listed_events
    group by la_code, record_id, is_caseload
),

expected_events as (
    select
        returned_events.la_code,
        returned_events.record_id,
        returned_events.child_key,
        returned_events.event_date
    from returned_events
    inner join days_covered
        on
            returned_events.la_code = days_covered.la_code
            and returned_events.record_id = days_covered.record_id
    where
        returned_events.event_date <= days_covered.last_day
        and case
            when days_covered.is_caseload then coalesce(returned_events.end_date >= days_covered.first_day, true)
            else returned_events.event_date >= days_covered.first_day
        end
),

events_side_by_side as (
    select
        coalesce(listed_events.la_code, expected_events.la_code) as la_code,
        coalesce(listed_events.record_id, expected_events.record_id) as record_id,
        listed_events.child_key is not null as is_listed,
        expected_events.child_key is not null as is_returned
    from listed_events
    full outer join expected_events
        on
            listed_events.la_code = expected_events.la_code
            and listed_events.record_id = expected_events.record_id
            and listed_events.child_key = expected_events.child_key
            and listed_events.event_date = expected_events.event_date
)

select
    la_code,
    record_id,
    count(*) filter (where is_listed and is_returned) as matched,
    count(*) filter (where not is_returned) as only_in_annex_a,
    count(*) filter (where not is_listed) as only_in_census
from events_side_by_side
group by la_code, record_id
