with

enquiries as (
    {{ accepted_records(ref('stg_returns__cin_section47'), ref('int_returns_disposition'), ['conference_date']) }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

described as (
    select
        enquiries.landed_row_id as section47_key,
        dispositions.survivor_row_id as referral_key,
        enquiries.la_code,
        enquiries.child_key,
        enquiries.start_date,
        {{ year_to_march('enquiries.start_date') }} as reporting_year,
        enquiries.conference_date,
        coalesce(enquiries.is_conference_not_required, false) as is_conference_not_required
    from enquiries
    left join dispositions
        on enquiries.parent_row_id = dispositions.landed_row_id
)

select * from described
