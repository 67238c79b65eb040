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

listed as (
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

returned as (
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
covered as (
    select
        la_code,
        record_id,
        is_caseload,
        case when is_caseload then max(event_date) - interval 6 month else min(event_date) end as first_day,
        max(event_date) as last_day
    from listed
    group by la_code, record_id, is_caseload
),

expected as (
    select
        returned.la_code,
        returned.record_id,
        returned.child_key,
        returned.event_date
    from returned
    inner join covered
        on
            returned.la_code = covered.la_code
            and returned.record_id = covered.record_id
    where
        returned.event_date <= covered.last_day
        and case
            when covered.is_caseload then coalesce(returned.end_date >= covered.first_day, true)
            else returned.event_date >= covered.first_day
        end
),

side_by_side as (
    select
        coalesce(listed.la_code, expected.la_code) as la_code,
        coalesce(listed.record_id, expected.record_id) as record_id,
        listed.child_key is not null as is_listed,
        expected.child_key is not null as is_returned
    from listed
    full outer join expected
        on
            listed.la_code = expected.la_code
            and listed.record_id = expected.record_id
            and listed.child_key = expected.child_key
            and listed.event_date = expected.event_date
)

select
    la_code,
    record_id,
    count(*) filter (where is_listed and is_returned) as matched,
    count(*) filter (where not is_returned) as only_in_annex_a,
    count(*) filter (where not is_listed) as only_in_census
from side_by_side
group by la_code, record_id
