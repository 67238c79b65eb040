with

matched_by_reference as (
    select * from {{ ref('int_case_by_reference') }}
),

intakes as (
    select accepted.*
    from {{ ref('int_form_accepted') }} as accepted
    left join matched_by_reference
        on accepted.landed_row_id = matched_by_reference.intake_landed_row_id
    where accepted.form_id = 'intake' and matched_by_reference.intake_landed_row_id is null
),

exits as (
    select accepted.*
    from {{ ref('int_form_accepted') }} as accepted
    left join matched_by_reference
        on accepted.landed_row_id = matched_by_reference.exit_landed_row_id
    where accepted.form_id = 'exit' and matched_by_reference.exit_landed_row_id is null
),

pairs as (
    {{ next_closure_pairs('intakes', 'exits', ref('int_client_day')) }}
),

matched_pairs as (
    select
        exit_landed_row_id,
        intake_landed_row_id,
        'client_next_closure' as match_rule,
        2 as match_pass
    from pairs
)

select * from matched_pairs
