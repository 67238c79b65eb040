with

by_reference as (
    select * from {{ ref('int_case_by_reference') }}
),

by_next_closure as (
    select * from {{ ref('int_case_by_next_closure') }}
),

matched_before as (
    select * from by_reference
    union all
    select * from by_next_closure
),

intakes as (
    select accepted.*
    from {{ ref('int_form_accepted') }} as accepted
    left join matched_before
        on accepted.landed_row_id = matched_before.intake_landed_row_id
    where accepted.form_id = 'intake' and matched_before.intake_landed_row_id is null
),

exits as (
    select accepted.*
    from {{ ref('int_form_accepted') }} as accepted
    left join matched_before
        on accepted.landed_row_id = matched_before.exit_landed_row_id
    where accepted.form_id = 'exit' and matched_before.exit_landed_row_id is null
),

pairs as (
    {{ next_closure_pairs('intakes', 'exits', ref('int_client_day')) }}
),

matched_pairs as (
    select
        exit_landed_row_id,
        intake_landed_row_id,
        'client_remaining' as match_rule,
        3 as match_pass
    from pairs
)

select * from matched_pairs
