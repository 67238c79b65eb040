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

need_episodes as (
    select * from {{ ref('fct_cin_episode') }}
),

offences_on_plan as (
    select distinct offences.landed_row_id
    from offences
    inner join plans
        on
            offences.la_code = plans.la_code
            and offences.child_key = plans.child_key
    where {{ open_on('offences.offence_date', 'plans.start_date', 'plans.end_date') }}
),

offences_in_need as (
    select distinct offences.landed_row_id
    from offences
    inner join need_episodes
        on
            offences.la_code = need_episodes.la_code
            and offences.child_key = need_episodes.child_key
    where {{ open_on('offences.offence_date', 'need_episodes.start_date', 'need_episodes.end_date') }}
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
    offences_on_plan.landed_row_id is not null as is_on_plan_at_offence,
    offences_in_need.landed_row_id is not null as is_in_need_at_offence,
    offences_in_need.landed_row_id is not null and offences_on_plan.landed_row_id is null as is_in_need_only_at_offence,
    coalesce(offences.sex = 'M', false) as is_of_male,
    coalesce(offences.disposal = 'remand', false) as is_remand,
    coalesce(offences.disposal = 'custody', false) as is_custody
from offences
left join offences_on_plan
    on offences.landed_row_id = offences_on_plan.landed_row_id
left join offences_in_need
    on offences.landed_row_id = offences_in_need.landed_row_id
