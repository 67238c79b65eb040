{%- set breakdowns = breakdown_columns() -%}
with

reported_year as (
    select reporting_year from {{ ref('reporting_year') }}
    where is_reported
),

cohort as (
    select * from {{ ref('int_cohort') }}
),

-- Every condition in one row of lists, so that a form is read once for all cohorts.
restriction as (
    select
        list(
            {
                'bit': cohort_bit,
                'intake_answers': intake_answers
            }
            order by cohort_bit
        ) as rules
    from cohort
    where intake_answers is not null
),

form_rules as (
    select
        form_id,
        list(
            {
                'bit': cohort_bit,
                'is_clients_only': is_clients_only,
                'is_restricted': intake_answers is not null
            }
            order by cohort_bit
        ) as rules
    from cohort
    group by form_id
),

-- The restrictions an intake form meets, worked out here so that its answers need not be carried through the joins.
intake as (
    select
        fact.form_key,
        fact.landed_row_id,
        fact.reporting_year,
        fact.service_code,
        {% for column in breakdowns %}
        fact.{{ column }},
        {% endfor %}
        fact.is_client_record,
        fact.not_asked,
        {{ sum_of_bits('restriction.rules', has_any_item('fact.answers', 'rule.intake_answers')) }} as restrictions_met
    from {{ ref('fct_intake') }} as fact
    cross join restriction
),

exit_form as (
    select * from {{ ref('fct_exit') }}
),

review as (
    select * from {{ ref('fct_review') }}
),

-- An exit or review form may be matched to an intake form of an earlier year: the intake side is not held to the year.
form as (
    select
        'intake' as form_id,
        landed_row_id,
        landed_row_id as intake_landed_row_id,
        is_client_record,
        restrictions_met,
        not_asked,
        cast(null as integer[]) as intake_not_asked,
        reporting_year,
        service_code,
        {{ breakdowns | join(', ') }}
    from intake
    union all
    select
        'exit' as form_id,
        exit_form.landed_row_id,
        intake.landed_row_id as intake_landed_row_id,
        exit_form.is_client_record,
        coalesce(intake.restrictions_met, 0) as restrictions_met,
        exit_form.not_asked,
        exit_form.intake_not_asked,
        exit_form.reporting_year,
        exit_form.service_code,
        {% for column in breakdowns %}
        exit_form.{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from exit_form
    left join intake on exit_form.intake_form_key = intake.form_key
    union all
    select
        'review' as form_id,
        review.landed_row_id,
        intake.landed_row_id as intake_landed_row_id,
        false as is_client_record,
        coalesce(intake.restrictions_met, 0) as restrictions_met,
        review.not_asked,
        review.intake_not_asked,
        review.reporting_year,
        review.service_code,
        {% for column in breakdowns %}
        review.{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from review
    left join intake on review.intake_form_key = intake.form_key
),

forms_with_cohorts as (
    select
        form.form_id,
        form.landed_row_id,
        form.intake_landed_row_id,
        form.reporting_year,
        form.service_code,
        {% for column in breakdowns %}
        coalesce(form.{{ column }}, 'Missing') as {{ column }},
        {% endfor %}
        {{ sum_of_bits(
            'form_rules.rules',
            '(not rule.is_clients_only or form.is_client_record) and (not rule.is_restricted or '
            ~ has_bit('form.restrictions_met', 'rule.bit') ~ ')'
        ) }} as cohort_mask,
        -- A text, because most forms share the empty one, and forms are told apart by it.
        case
            when form.not_asked is null and form.intake_not_asked is null then ''
            else {{ joined_items(list_join('form.not_asked', 'form.intake_not_asked')) }}
        end as not_asked
    from form
    inner join form_rules on form.form_id = form_rules.form_id
    inner join reported_year on form.reporting_year = reported_year.reporting_year
)

select * from forms_with_cohorts
