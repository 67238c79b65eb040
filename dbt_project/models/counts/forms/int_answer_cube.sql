{#- What is counted: a kind of form by its own answers, or by those of the intake form it is matched to. -#}
{%- set own_readings = {'intake': 'fct_intake', 'exit': 'fct_exit', 'review': 'fct_review'} -%}
{%- set matched_readings = ['exit', 'review'] -%}
{#-
    The facts are read in place, not through a CTE: a CTE used twice is kept in memory, and these lists are the bulk of
    the data.
-#}
with

-- Not copied: DuckDB first writes down all of what is read more than once, and each reader wants one kind of form.
form_profile as not materialized (
    select * from {{ ref('int_form_profile') }}
),

-- Of a matched form only the few answers that a table sets beside the later form are needed.
wanted_answers as (
    select
        dataset,
        answer_id
    from {{ ref('int_cell_answer') }}
    union distinct
    select
        dataset,
        answer_id
    from {{ ref('int_population_answer') }}
),

{% for form_id in matched_readings %}
{{ form_id }}_intake as (
    select * from (
        select
            {% for panel in count_panels() %}
            form_profile.profile_id_{{ loop.index }},
            {% endfor %}
            {{ explode('fact.answers') }} as answer_id
        from {{ ref('fct_intake') }} as fact
        inner join form_profile
            on form_profile.form_id = '{{ form_id }}' and fact.landed_row_id = form_profile.intake_landed_row_id
    ) as given
    where answer_id in (
        select wanted_answers.answer_id from wanted_answers
        where wanted_answers.dataset = '{{ form_id }}_intake'
    )
),

{% endfor %}
-- Profile and answer travel as one number: grouping by one key takes two thirds of the time of grouping by two.
packed_answer as (
    {% for panel in count_panels() %}
    {% set profile_id = 'profile_id_' ~ loop.index %}
    {% for form_id, fact in own_readings.items() %}
    select
        '{{ form_id }}' as dataset,
        packed,
        count(*) as forms
    from (
        select cast(given.profile_id as bigint) * 1000000 + given.answer_id as packed
        from (
            select
                form_profile.{{ profile_id }} as profile_id,
                {{ explode('fact.answers') }} as answer_id
            from {{ ref(fact) }} as fact
            inner join form_profile
                on form_profile.form_id = '{{ form_id }}' and fact.landed_row_id = form_profile.landed_row_id
        ) as given
    ) as keyed
    group by packed
    union all
    {% endfor %}
    {% for form_id in matched_readings %}
    select
        '{{ form_id }}_intake' as dataset,
        packed,
        count(*) as forms
    from (
        select cast({{ profile_id }} as bigint) * 1000000 + answer_id as packed
        from {{ form_id }}_intake
    ) as keyed
    group by packed
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

answer_counts as (
    select
        cast(packed // 1000000 as integer) as profile_id,
        dataset,
        cast(packed % 1000000 as integer) as answer_id,
        forms
    from packed_answer
),

-- Answer 0 is the form itself, answered or not: the base of everything that counts whole cohorts.
form_counts as (
    {% for panel in count_panels() %}
    select
        profile_id_{{ loop.index }} as profile_id,
        form_id as dataset,
        0 as answer_id,
        count(*) as forms
    from form_profile
    group by profile_id_{{ loop.index }}, form_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counts as (
    select * from form_counts
    union all
    select * from answer_counts
)

select * from counts
