with

intakes as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'intake' and case_key is not null
),

exits as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'exit' and case_key is not null
),

-- Brothers and sisters can share a reference, so the client has to be the same, too. A false merge tells one child's
-- story as another's.
choices as (
    {{ ranked_choices('intakes', 'exits', ref('int_client_day'), 'exits.case_key = intakes.case_key') }}
),

-- What an exit chooses may lie after it: a reference says more than a date that may be wrong.
chosen_intakes as (
    select
        exit_landed_row_id,
        intake_landed_row_id,
        row_number() over (
            partition by intake_landed_row_id
            order by closure_date asc, exit_client_place desc
        ) as place
    from choices
    where exit_place = 1
),

matched_pairs as (
    select
        exit_landed_row_id,
        intake_landed_row_id,
        'case_reference' as match_rule,
        1 as match_pass
    from chosen_intakes
    where place = 1
)

select * from matched_pairs
