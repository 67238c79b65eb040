{#-
    A model is a sum of terms, a term a coefficient times up to three inputs. Its interval is the delta method's: each
    input's half-width times how fast the sum moves with it, added in squares; inputs count as independent.
-#}
with

authority as (
    select
        la_code,
        area_code
    from {{ ref('dim_authority') }}
),

population as (
    select * from {{ ref('population_estimate') }}
),

term as (
    select * from {{ ref('model_term') }}
),

inputs_offered as (
    select
        authority.la_code,
        authority.area_code,
        model_input.input_id,
        model_input.value,
        model_input.lower_95,
        model_input.upper_95,
        model_input.sex,
        model_input.first_age,
        model_input.last_age,
        model_input.mid_year
    from {{ ref('model_input') }} as model_input
    inner join authority on model_input.la_code is null or model_input.la_code = authority.la_code
),

people_of_inputs as (
    select
        inputs_offered.la_code,
        inputs_offered.input_id,
        sum(population.population) as people
    from inputs_offered
    inner join population
        on
            inputs_offered.area_code = population.area_code
            and inputs_offered.mid_year = population.mid_year
            and population.age between inputs_offered.first_age and inputs_offered.last_age
            and (inputs_offered.sex is null or inputs_offered.sex = population.sex)
    group by inputs_offered.la_code, inputs_offered.input_id
),

inputs as (
    select
        inputs_offered.la_code,
        inputs_offered.input_id,
        coalesce(inputs_offered.value, people_of_inputs.people) as value,
        coalesce((inputs_offered.upper_95 - inputs_offered.lower_95) / 2, 0) as half_width
    from inputs_offered
    left join people_of_inputs
        on inputs_offered.la_code = people_of_inputs.la_code and inputs_offered.input_id = people_of_inputs.input_id
    where coalesce(inputs_offered.value, people_of_inputs.people) is not null
),

products as (
    select
        authority.la_code,
        term.*,
        term.coefficient * first_input.value
        * case when term.input_2 is null then 1 else second_input.value end
        * case when term.input_3 is null then 1 else third_input.value end as product
    from term
    cross join authority
    left join inputs as first_input
        on authority.la_code = first_input.la_code and term.input_1 = first_input.input_id
    left join inputs as second_input
        on authority.la_code = second_input.la_code and term.input_2 = second_input.input_id
    left join inputs as third_input
        on authority.la_code = third_input.la_code and term.input_3 = third_input.input_id
),

-- Sums are of decimals: those of binary fractions would depend on the order in which rows arrive.
sums as (
    select
        la_code,
        indicator_id,
        breakdown,
        breakdown_value,
        period_label,
        period,
        unit,
        decimals,
        cast(sum(cast(product as decimal(28, 9))) as double) as value
    from products
    group by la_code, indicator_id, breakdown, breakdown_value, period_label, period, unit, decimals
    -- An authority without one of the inputs has no estimate.
    having count(product) = count(*)
),

inputs_used as (
    {% for position in [1, 2, 3] %}
    select
        la_code,
        indicator_id,
        breakdown,
        breakdown_value,
        input_{{ position }} as input_id,
        product
    from products
    where input_{{ position }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

shifts as (
    select
        inputs_used.la_code,
        inputs_used.indicator_id,
        inputs_used.breakdown,
        inputs_used.breakdown_value,
        inputs_used.input_id,
        sum(cast(inputs_used.product as decimal(28, 9))) / max(inputs.value) * max(inputs.half_width) as shift
    from inputs_used
    inner join inputs on inputs_used.la_code = inputs.la_code and inputs_used.input_id = inputs.input_id
    where inputs.value > 0
    group by
        inputs_used.la_code,
        inputs_used.indicator_id,
        inputs_used.breakdown,
        inputs_used.breakdown_value,
        inputs_used.input_id
),

half_widths as (
    select
        la_code,
        indicator_id,
        breakdown,
        breakdown_value,
        sqrt(cast(sum(cast(shift * shift as decimal(28, 9))) as double)) as half_width
    from shifts
    group by la_code, indicator_id, breakdown, breakdown_value
),

figures as (
    select
        sums.la_code,
        sums.indicator_id,
        sums.breakdown,
        sums.breakdown_value,
        sums.period_label,
        sums.period,
        sums.unit,
        sums.value,
        {{ round_half_up('sums.value', 'sums.decimals') }} as value_rounded,
        -- Where every input is a count there is nothing to carry through.
        case when half_widths.half_width > 0 then greatest(sums.value - half_widths.half_width, 0) end as lower_95,
        case when half_widths.half_width > 0 then sums.value + half_widths.half_width end as upper_95
    from sums
    inner join half_widths
        on
            sums.la_code = half_widths.la_code
            and sums.indicator_id = half_widths.indicator_id
            and sums.breakdown = half_widths.breakdown
            and sums.breakdown_value = half_widths.breakdown_value
)

select * from figures
