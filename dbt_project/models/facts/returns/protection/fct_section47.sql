with

accepted_enquiries as (
    {{ accepted_records(ref('stg_returns__cin_section47'), ref('int_returns_disposition'), ['conference_date']) }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

enquiries as (
    select
        accepted_enquiries.landed_row_id as section47_key,
        dispositions.survivor_row_id as referral_key,
        accepted_enquiries.la_code,
        accepted_enquiries.child_key,
        accepted_enquiries.start_date,
        {{ year_to_march('accepted_enquiries.start_date') }} as reporting_year,
        accepted_enquiries.conference_date,
        coalesce(accepted_enquiries.is_conference_not_required, false) as is_conference_not_required
    from accepted_enquiries
    left join dispositions
        on accepted_enquiries.parent_row_id = dispositions.landed_row_id
)

select * from enquiries
