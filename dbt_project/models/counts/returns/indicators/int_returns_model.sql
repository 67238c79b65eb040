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

offered as (
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

people as (
    select
        offered.la_code,
        offered.input_id,
        sum(population.population) as people
    from offered
    inner join population
        on
            offered.area_code = population.area_code
            and offered.mid_year = population.mid_year
            and population.age between offered.first_age and offered.last_age
            and (offered.sex is null or offered.sex = population.sex)
    group by offered.la_code, offered.input_id
),

input as (
    select
        offered.la_code,
        offered.input_id,
        coalesce(offered.value, people.people) as value,
        coalesce((offered.upper_95 - offered.lower_95) / 2, 0) as half_width
    from offered
    left join people on offered.la_code = people.la_code and offered.input_id = people.input_id
    where coalesce(offered.value, people.people) is not null
),

multiplied as (
    select
        authority.la_code,
        term.*,
        term.coefficient * first_input.value
        * case when term.input_2 is null then 1 else second_input.value end
        * case when term.input_3 is null then 1 else third_input.value end as product
    from term
    cross join authority
    left join input as first_input
        on authority.la_code = first_input.la_code and term.input_1 = first_input.input_id
    left join input as second_input
        on authority.la_code = second_input.la_code and term.input_2 = second_input.input_id
    left join input as third_input
        on authority.la_code = third_input.la_code and term.input_3 = third_input.input_id
),

-- Sums are of decimals: those of binary fractions would depend on the order in which rows arrive.
summed as (
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
    from multiplied
    group by la_code, indicator_id, breakdown, breakdown_value, period_label, period, unit, decimals
    -- An authority without one of the inputs has no estimate.
    having count(product) = count(*)
),

used as (
    {% for position in [1, 2, 3] %}
    select
        la_code,
        indicator_id,
        breakdown,
        breakdown_value,
        input_{{ position }} as input_id,
        product
    from multiplied
    where input_{{ position }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

moved as (
    select
        used.la_code,
        used.indicator_id,
        used.breakdown,
        used.breakdown_value,
        used.input_id,
        sum(cast(used.product as decimal(28, 9))) / max(input.value) * max(input.half_width) as shift
    from used
    inner join input on used.la_code = input.la_code and used.input_id = input.input_id
    where input.value > 0
    group by used.la_code, used.indicator_id, used.breakdown, used.breakdown_value, used.input_id
),

spread as (
    select
        la_code,
        indicator_id,
        breakdown,
        breakdown_value,
        sqrt(cast(sum(cast(shift * shift as decimal(28, 9))) as double)) as half_width
    from moved
    group by la_code, indicator_id, breakdown, breakdown_value
),

finished as (
    select
        summed.la_code,
        summed.indicator_id,
        summed.breakdown,
        summed.breakdown_value,
        summed.period_label,
        summed.period,
        summed.unit,
        summed.value,
        {{ round_half_up('summed.value', 'summed.decimals') }} as value_rounded,
        -- Where every input is a count there is nothing to carry through.
        case when spread.half_width > 0 then greatest(summed.value - spread.half_width, 0) end as lower_95,
        case when spread.half_width > 0 then summed.value + spread.half_width end as upper_95
    from summed
    inner join spread
        on
            summed.la_code = spread.la_code
            and summed.indicator_id = spread.indicator_id
            and summed.breakdown = spread.breakdown
            and summed.breakdown_value = spread.breakdown_value
)

select * from finished
