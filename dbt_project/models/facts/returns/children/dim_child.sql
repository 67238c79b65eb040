{%- set trusted_first = 'order by is_latest desc, teller_order, collection_year desc nulls last, landed_row_id desc' -%}

with

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

particulars as (
    select * from {{ ref('int_returns_particulars') }}
),

conflicts as (
    select distinct
        la_code,
        child_key
    from {{ ref('child_conflict') }}
),

disabilities as (
    select distinct
        la_code,
        child_key
    from {{ ref('child_disability') }}
),

unaccompanied as (
    select distinct
        la_code,
        child_key
    from {{ ref('fct_unaccompanied_child') }}
),

-- Prospective adopters have keys of their own kind and are no children.
children as (
    select
        la_code,
        child_key,
        min(collection_year) as first_collection_year,
        max(collection_year) as last_collection_year
    from dispositions
    where child_key is not null and record_id != 'annex_a_adopter'
    group by la_code, child_key
),

chosen as (
    select
        la_code,
        child_key,
        {%- for attribute in ['sex', 'birth_month', 'ethnicity', 'upn_key'] %}
        first({{ attribute }} {{ trusted_first }}) filter (where {{ attribute }} is not null) as {{ attribute }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from particulars
    group by la_code, child_key
),

described as (
    select
        children.la_code,
        children.child_key,
        coalesce(chosen.sex, 'U') as sex,
        chosen.birth_month,
        chosen.ethnicity,
        case
            when chosen.ethnicity like 'W%' then 'White'
            when chosen.ethnicity like 'M%' then 'Mixed'
            when chosen.ethnicity like 'A%' or chosen.ethnicity = 'CHNE' then 'Asian'
            when chosen.ethnicity like 'B%' then 'Black'
            when chosen.ethnicity = 'OOTH' then 'Other'
            else 'Unknown'
        end as ethnicity_group,
        disabilities.child_key is not null as is_disabled,
        chosen.upn_key,
        unaccompanied.child_key is not null as is_uasc,
        conflicts.child_key is not null as has_conflict,
        children.first_collection_year,
        children.last_collection_year
    from children
    left join chosen
        on
            children.la_code = chosen.la_code
            and children.child_key = chosen.child_key
    {%- for mart in ['conflicts', 'disabilities', 'unaccompanied'] %}
    left join {{ mart }}
        on
            children.la_code = {{ mart }}.la_code
            and children.child_key = {{ mart }}.child_key
    {%- endfor %}
)

select * from described
