with

outcome as (
    select * from {{ ref('int_paired_question') }}
),

reporting_year as (
    select reporting_year from {{ ref('reporting_year') }}
    where is_reported
),

pair as (
    select
        later.landed_row_id as pair_id,
        earlier.landed_row_id as intake_landed_row_id,
        later.reporting_year,
        later.service_code
    from {{ ref('fct_exit') }} as later
    inner join {{ ref('fct_intake') }} as earlier on later.intake_form_key = earlier.form_key
    inner join reporting_year on later.reporting_year = reporting_year.reporting_year
),

-- Lists are unfolded and cut to the questions wanted before anything is joined to them.
given_at_intake as (
    select
        pair.pair_id,
        outcome.outcome_order,
        given.answer_id
    from (
        select
            landed_row_id,
            {{ explode('answers') }} as answer_id
        from {{ ref('fct_intake') }}
    ) as given
    inner join outcome on given.answer_id // 100 = outcome.intake_question_no
    inner join pair on given.landed_row_id = pair.intake_landed_row_id
),

given_at_exit as (
    select
        pair.pair_id,
        outcome.outcome_order,
        given.answer_id
    from (
        select
            landed_row_id,
            {{ explode('answers') }} as answer_id
        from {{ ref('fct_exit') }}
    ) as given
    inner join outcome on given.answer_id // 100 = outcome.exit_question_no
    inner join pair on given.landed_row_id = pair.pair_id
),

met as (
    select
        coalesce(given_at_intake.pair_id, given_at_exit.pair_id) as pair_id,
        coalesce(given_at_intake.outcome_order, given_at_exit.outcome_order) as outcome_order,
        given_at_intake.answer_id as intake_answer_id,
        given_at_exit.answer_id as exit_answer_id
    from given_at_intake
    full join given_at_exit
        on
            given_at_intake.pair_id = given_at_exit.pair_id
            and given_at_intake.outcome_order = given_at_exit.outcome_order
),

met_count as (
    select
        met.outcome_order,
        pair.reporting_year,
        pair.service_code,
        met.intake_answer_id,
        met.exit_answer_id,
        count(*) as pairs
    from met
    inner join pair on met.pair_id = pair.pair_id
    group by met.outcome_order, pair.reporting_year, pair.service_code, met.intake_answer_id, met.exit_answer_id
),

pair_count as (
    select
        reporting_year,
        service_code,
        count(*) as pairs
    from pair
    group by reporting_year, service_code
),

answered_count as (
    select
        outcome_order,
        reporting_year,
        service_code,
        sum(pairs) as pairs
    from met_count
    group by outcome_order, reporting_year, service_code
),

-- Who was asked neither time is everybody less all that gave an answer, Missing included, at one of the two points.
never_asked as (
    select
        outcome.outcome_order,
        pair_count.reporting_year,
        pair_count.service_code,
        cast(null as integer) as intake_answer_id,
        cast(null as integer) as exit_answer_id,
        pair_count.pairs - coalesce(answered_count.pairs, 0) as pairs
    from pair_count
    cross join outcome
    left join answered_count
        on
            outcome.outcome_order = answered_count.outcome_order
            and pair_count.reporting_year = answered_count.reporting_year
            and pair_count.service_code = answered_count.service_code
    where pair_count.pairs > coalesce(answered_count.pairs, 0)
),

united as (
    select * from met_count
    union all
    select * from never_asked
),

numbered as (
    select
        outcome.outcome_id,
        united.reporting_year,
        united.service_code,
        -- Option 100 of a question stands for not having been asked: its own options end at 98, Missing is 99.
        coalesce(united.intake_answer_id % 100, 100) as intake_option_no,
        coalesce(united.exit_answer_id % 100, 100) as exit_option_no,
        cast(united.pairs as bigint) as pairs
    from united
    inner join outcome on united.outcome_order = outcome.outcome_order
)

select * from numbered
