with

offences as (
    {{ accepted_records(
        ref('stg_returns__youth_offence'), ref('int_returns_disposition'),
        ['outcome_date', 'birth_month']
    ) }}
),

plans as (
    select * from {{ ref('fct_protection_plan') }}
),

needs as (
    select * from {{ ref('fct_cin_episode') }}
),

on_plan as (
    select distinct offences.landed_row_id
    from offences
    inner join plans
        on
            offences.la_code = plans.la_code
            and offences.child_key = plans.child_key
    where {{ open_on('offences.offence_date', 'plans.start_date', 'plans.end_date') }}
),

in_need as (
    select distinct offences.landed_row_id
    from offences
    inner join needs
        on
            offences.la_code = needs.la_code
            and offences.child_key = needs.child_key
    where {{ open_on('offences.offence_date', 'needs.start_date', 'needs.end_date') }}
)

select
    offences.landed_row_id,
    offences.la_code,
    offences.offence_key,
    offences.child_key,
    offences.birth_month,
    offences.sex,
    offences.offence_date,
    {{ year_to_march('offences.offence_date') }} as reporting_year,
    offences.outcome_date,
    offences.disposal,
    on_plan.landed_row_id is not null as is_on_plan_at_offence,
    in_need.landed_row_id is not null as is_in_need_at_offence
from offences
left join on_plan
    on offences.landed_row_id = on_plan.landed_row_id
left join in_need
    on offences.landed_row_id = in_need.landed_row_id
