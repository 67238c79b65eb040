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
child_keys as (
    select
        la_code,
        child_key,
        min(collection_year) as first_collection_year,
        max(collection_year) as last_collection_year
    from dispositions
    where child_key is not null and record_id != 'annex_a_adopter'
    group by la_code, child_key
),

trusted_particulars as (
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

children as (
    select
        child_keys.la_code,
        child_keys.child_key,
        coalesce(trusted_particulars.sex, 'U') as sex,
        trusted_particulars.birth_month,
        trusted_particulars.ethnicity,
        case
            when trusted_particulars.ethnicity like 'W%' then 'White'
            when trusted_particulars.ethnicity like 'M%' then 'Mixed'
            when trusted_particulars.ethnicity like 'A%' or trusted_particulars.ethnicity = 'CHNE' then 'Asian'
            when trusted_particulars.ethnicity like 'B%' then 'Black'
            when trusted_particulars.ethnicity = 'OOTH' then 'Other'
            else 'Unknown'
        end as ethnicity_group,
        disabilities.child_key is not null as is_disabled,
        trusted_particulars.upn_key,
        unaccompanied.child_key is not null as is_uasc,
        conflicts.child_key is not null as has_conflict,
        child_keys.first_collection_year,
        child_keys.last_collection_year
    from child_keys
    left join trusted_particulars
        on
            child_keys.la_code = trusted_particulars.la_code
            and child_keys.child_key = trusted_particulars.child_key
    {%- for mart in ['conflicts', 'disabilities', 'unaccompanied'] %}
    left join {{ mart }}
        on
            child_keys.la_code = {{ mart }}.la_code
            and child_keys.child_key = {{ mart }}.child_key
    {%- endfor %}
)

select * from children
