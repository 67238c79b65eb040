with

matches as (
    select * from {{ ref('int_case_match') }}
),

intakes as (
    select
        accepted.*,
        matches.intake_landed_row_id is not null as is_matched
    from {{ ref('int_form_accepted') }} as accepted
    left join matches
        on accepted.landed_row_id = matches.intake_landed_row_id
    where accepted.form_id = 'intake'
),

exits as (
    select
        accepted.*,
        matches.exit_landed_row_id is not null as is_matched
    from {{ ref('int_form_accepted') }} as accepted
    left join matches
        on accepted.landed_row_id = matches.exit_landed_row_id
    where accepted.form_id = 'exit'
),

-- What is left over, each beside every form of the other kind that the same client has.
unmatched_beside_others as (
    select
        exits.form_id,
        exits.landed_row_id,
        exits.form_key,
        exits.service_code,
        exits.reporting_year,
        intakes.landed_row_id is not null as has_other,
        intakes.is_matched as other_is_matched,
        intakes.event_date <= exits.event_date as is_in_order,
        exits.case_key != intakes.case_key as is_conflict,
        (exits.birth_month != intakes.birth_month) is true as is_other_month
    from exits
    left join intakes
        on
            exits.service_code = intakes.service_code
            and exits.client_key = intakes.client_key
    where not exits.is_matched
    union all
    select
        intakes.form_id,
        intakes.landed_row_id,
        intakes.form_key,
        intakes.service_code,
        intakes.reporting_year,
        exits.landed_row_id is not null as has_other,
        exits.is_matched as other_is_matched,
        intakes.event_date <= exits.event_date as is_in_order,
        exits.case_key != intakes.case_key as is_conflict,
        (exits.birth_month != intakes.birth_month) is true as is_other_month
    from intakes
    left join exits
        on
            intakes.service_code = exits.service_code
            and intakes.client_key = exits.client_key
    where not intakes.is_matched
),

unmatched_forms as (
    select
        form_id,
        landed_row_id,
        form_key,
        service_code,
        reporting_year,
        bool_or(has_other) as has_others,
        bool_and(is_other_month) as has_only_other_months,
        coalesce(
            bool_or(not is_other_month and not other_is_matched and is_in_order and not coalesce(is_conflict, false)),
            false
        ) as has_candidate,
        coalesce(bool_or(not is_other_month and not other_is_matched and is_in_order and is_conflict), false)
            as has_conflict,
        coalesce(bool_or(not is_other_month and not other_is_matched and not is_in_order), false) as has_wrong_order
    from unmatched_beside_others
    group by form_id, landed_row_id, form_key, service_code, reporting_year
),

-- The branch that comes closest to a match gives the reason.
forms_with_reason_code as (
    select
        *,
        case
            when not has_others then 'no_form_of_client'
            when has_only_other_months then 'birth_month_conflict'
            when has_candidate then 'not_each_others_choice'
            when has_conflict then 'case_reference_conflict'
            when has_wrong_order then 'wrong_order'
            else 'partners_taken'
        end as reason_code
    from unmatched_forms
),

forms_with_reason as (
    select
        form_id,
        form_key,
        service_code,
        reporting_year,
        case concat_ws(' ', form_id, reason_code)
            when 'exit no_form_of_client'
                then 'The client has no accepted intake form in any of the reporting years.'
            when 'intake no_form_of_client'
                then 'The client has no accepted exit form: the case may still be open.'
            when 'exit not_each_others_choice'
                then 'An intake form of the client is left, but its next closure is another exit form.'
            when 'intake not_each_others_choice'
                then 'An exit form of the client is left, but its latest intake is another intake form.'
            when 'exit case_reference_conflict'
                then 'The intake form of the client that is left carries a different case reference.'
            when 'intake case_reference_conflict'
                then 'The exit form of the client that is left carries a different case reference.'
            when 'exit birth_month_conflict'
                then 'Every intake form of the client carries a different month of birth.'
            when 'intake birth_month_conflict'
                then 'Every exit form of the client carries a different month of birth.'
            when 'exit wrong_order'
                then 'The only intake form of the client that is left is dated after the closure.'
            when 'intake wrong_order'
                then 'The only exit form of the client that is left is dated before this intake.'
            when 'exit partners_taken'
                then 'Every intake form of the client belongs to another exit form.'
            when 'intake partners_taken'
                then 'Every exit form of the client belongs to another intake form.'
        end as reason,
        reason_code
    from forms_with_reason_code
)

select * from forms_with_reason
