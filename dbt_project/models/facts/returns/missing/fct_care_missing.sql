{#- Without an end it is over when the next collection does not tell it, and with the child's life and childhood. -#}
{%- set ends = {
    'return': 'missing_periods.end_date',
    'absence': 'case when missing_periods.end_date is null then missing_periods.absent_from end',
    'death': 'limits.died_by',
    'birthday': 'limits.is_18_by',
} -%}

with

missing_periods as (
    {{ accepted_records(ref('stg_returns__s903_missing'), ref('int_returns_disposition'), ['end_date']) }}
),

limits as (
    select * from {{ ref('int_child_limit') }}
)

select
    missing_periods.landed_row_id,
    missing_periods.la_code,
    missing_periods.child_key,
    missing_periods.birth_month,
    missing_periods.missing_type,
    missing_periods.start_date,
    {{ earliest_end('missing_periods.start_date', ends) }} as end_date,
    {{ ended_by(ends) }} as ended_by,
    {{ year_to_march('missing_periods.start_date') }} as reporting_year
from missing_periods
left join limits
    on missing_periods.la_code = limits.la_code and missing_periods.child_key = limits.child_key
