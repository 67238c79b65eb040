{#-
    The answers a form gives to eight outcomes travel as one number, two decimal digits each, and pairs with the same two
    numbers are counted before the numbers are read again: to join every answer of every pair to its partner takes
    several times as long.
-#}
{%- set outcomes_in_a_number = 8 -%}
{%- set points = {'intake': 'fct_intake', 'exit': 'fct_exit'} -%}
with

outcome as (
    select
        *,
        (outcome_order - 1) // {{ outcomes_in_a_number }} as panel,
        cast(power(100, (outcome_order - 1) % {{ outcomes_in_a_number }}) as bigint) as place
    from {{ ref('int_paired_question') }}
),

panel as (
    select distinct panel from outcome
),

answer as (
    select * from {{ ref('dim_answer') }}
),

reporting_year as (
    select reporting_year from {{ ref('reporting_year') }}
    where is_reported
),

{% for point, fact in points.items() %}
worth_at_{{ point }} as (
    select
        answer.answer_id,
        outcome.panel,
        cast(sum(outcome.place * answer.option_no) as bigint) as worth
    from outcome
    inner join answer on outcome.{{ point }}_question_id = answer.question_id
    group by answer.answer_id, outcome.panel
),

answered_at_{{ point }} as (
    select
        given.landed_row_id,
        worth_at_{{ point }}.panel,
        cast(sum(worth_at_{{ point }}.worth) as bigint) as packed
    from (
        select
            landed_row_id,
            {{ explode('answers') }} as answer_id
        from {{ ref(fact) }}
    ) as given
    inner join worth_at_{{ point }} on given.answer_id = worth_at_{{ point }}.answer_id
    group by given.landed_row_id, worth_at_{{ point }}.panel
),

{% endfor %}
pair as (
    select
        later.landed_row_id as exit_landed_row_id,
        earlier.landed_row_id as intake_landed_row_id,
        later.reporting_year,
        later.service_code
    from {{ ref('fct_exit') }} as later
    inner join {{ ref('fct_intake') }} as earlier on later.intake_form_key = earlier.form_key
    inner join reporting_year on later.reporting_year = reporting_year.reporting_year
),

-- Option 0 is none: to whom nothing is said on it, not even Missing or not asked, it was closed.
packed_counts as (
    select
        pair.reporting_year,
        pair.service_code,
        panel.panel,
        coalesce(answered_at_intake.packed, 0) as intake_packed,
        coalesce(answered_at_exit.packed, 0) as exit_packed,
        count(*) as pairs
    from pair
    cross join panel
    left join answered_at_intake
        on
            pair.intake_landed_row_id = answered_at_intake.landed_row_id
            and panel.panel = answered_at_intake.panel
    left join answered_at_exit
        on
            pair.exit_landed_row_id = answered_at_exit.landed_row_id
            and panel.panel = answered_at_exit.panel
    group by pair.reporting_year, pair.service_code, panel.panel, intake_packed, exit_packed
),

answers_by_outcome as (
    select
        outcome.outcome_id,
        packed_counts.reporting_year,
        packed_counts.service_code,
        (packed_counts.intake_packed // outcome.place) % 100 as intake_digits,
        (packed_counts.exit_packed // outcome.place) % 100 as exit_digits,
        packed_counts.pairs
    from packed_counts
    inner join outcome on packed_counts.panel = outcome.panel
),

pairs_by_answers as (
    select
        outcome_id,
        reporting_year,
        service_code,
        intake_digits,
        exit_digits,
        sum(pairs) as pairs
    from answers_by_outcome
    group by outcome_id, reporting_year, service_code, intake_digits, exit_digits
)

-- The options of a question end at 97, not asked is 98, Missing 99; 100 stands for a question that was not opened.
select
    outcome_id,
    reporting_year,
    service_code,
    cast(case when intake_digits = 0 then 100 else intake_digits end as integer) as intake_option_no,
    cast(case when exit_digits = 0 then 100 else exit_digits end as integer) as exit_option_no,
    cast(pairs as bigint) as pairs
from pairs_by_answers
