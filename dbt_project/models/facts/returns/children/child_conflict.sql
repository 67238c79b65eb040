{#- Sex, month of birth and pupil number do not change: every collection counts. Ethnicity may be told better later. -#}
{%- set attributes = [('sex', 'true'), ('birth_month', 'true'), ('upn_key', 'true'), ('ethnicity', 'is_latest')] -%}

with

particulars as (
    select * from {{ ref('int_returns_particulars') }}
),

conflicts as (
    {%- for attribute, condition in attributes %}
    select
        la_code,
        child_key,
        '{{ attribute }}' as attribute,
        {{ collect_text('record_id', attribute ~ ' is not null') }} as sources,
        count(distinct {{ attribute }})::integer as distinct_values
    from particulars
    where {{ condition }}
    group by la_code, child_key
    having count(distinct {{ attribute }}) > 1
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from conflicts
