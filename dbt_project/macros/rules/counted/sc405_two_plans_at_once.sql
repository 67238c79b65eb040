{#
code: SC405
records: [cin_protection_plan]
severity: set_aside_record
says: A child is on one protection plan at a time.
then: The plan that began later is set aside, of two of one day one. End the earlier one or join them.
dfe: [cin 8935, cin 8940]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-09-01}
  - cin_protection_plan: {start_date: 2015-09-01, previous_plans: 1}
breaks:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-09-02}
  - cin_protection_plan: {start_date: 2015-09-01, previous_plans: 1}
#}
{% macro sc405(latest, landed) -%}
{#- A plan that is set aside keeps no later one out: of each child the first counts, then the first after its end. #}
select
    'cin_protection_plan' as record_id,
    plan.landed_row_id,
    null as field_id
from {{ latest.cin_protection_plan }} as plan
where plan.landed_row_id not in (
    with recursive

    plans as (
        select
            plan.landed_row_id,
            plan.la_code,
            plan.child_key,
            plan.start_date,
            -- One without an end is over with its case; one that a collection does not tell any more keeps out none.
            coalesce(
                plan.end_date,
                least(case when plan.absent_from is not null then plan.start_date end, referral.closure_date)
            ) as end_date,
            row_number() over (
                partition by plan.la_code, plan.child_key
                order by plan.start_date, plan.ordinal, plan.landed_row_id
            ) as place
        from {{ latest.cin_protection_plan }} as plan
        left join {{ landed.cin_referral }} as referral on plan.parent_row_id = referral.landed_row_id
    ),

    following as (
        select
            plan.landed_row_id,
            min(later.place) as place
        from plans as plan
        inner join plans as later
            on
                plan.la_code = later.la_code
                and plan.child_key = later.child_key
                and plan.place < later.place
                and plan.end_date <= later.start_date
        group by plan.landed_row_id
    ),

    counting as (
        select * from plans
        where place = 1
        union all
        select plans.*
        from counting
        inner join following on counting.landed_row_id = following.landed_row_id
        inner join plans
            on
                counting.la_code = plans.la_code
                and counting.child_key = plans.child_key
                and following.place = plans.place
    )

    select counting.landed_row_id from counting
)
{%- endmacro %}
