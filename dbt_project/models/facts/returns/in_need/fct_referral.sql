with

accepted_referrals as (
    {{ accepted_records(
        ref('stg_returns__cin_referral'), ref('int_returns_disposition'),
        ['closure_date', 'reason_for_closure', 'date_of_initial_cpc']
    ) }}
),

referrals_in_order as (
    select
        *,
        -- Of a day before: two referrals of one day are not one after the other.
        max(referral_date) over (
            partition by la_code, child_key
            order by referral_date
            range between unbounded preceding and interval 1 day preceding
        ) as previous_referral_date
    from accepted_referrals
),

referrals as (
    select
        landed_row_id as referral_key,
        la_code,
        child_key,
        referral_date,
        {{ year_to_march('referral_date') }} as reporting_year,
        referral_source,
        primary_need,
        coalesce(is_no_further_action, false) as is_no_further_action,
        closure_date,
        reason_for_closure,
        previous_referral_date,
        -- The same day a year later is still within twelve months.
        coalesce(previous_referral_date >= referral_date - interval 12 month, false) as is_rereferral_12m,
        date_of_initial_cpc,
        absent_from
    from referrals_in_order
)

select * from referrals
