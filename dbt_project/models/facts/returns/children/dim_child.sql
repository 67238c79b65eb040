{%- set attributes = ['sex', 'birth_month', 'ethnicity', 'upn_key'] -%}
{%- set trusted_first = 'is_latest desc, teller_order, collection_year desc nulls last' -%}
{%- set of_one_telling = 'partition by la_code, child_key, record_id, collection_year, is_latest' -%}

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
    where
        is_in_force
        and child_key is not null
        and record_id != 'annex_a_adopter'
        and disposition not in ('withdrawn', 'conflicting_versions')
    group by la_code, child_key
),

-- Records of one collection that contradict each other say what most of them say; nothing where as many say another.
contradictions as (
    select
        la_code,
        child_key,
        record_id,
        collection_year
    from particulars
    group by la_code, child_key, record_id, collection_year
    having
        {%- for attribute in attributes %}
        min({{ attribute }}) != max({{ attribute }}){{ ' or' if not loop.last }}
        {%- endfor %}
),

votes as (
    select
        particulars.*,
        {%- for attribute in attributes %}
        count({{ attribute }}) over (
            {{ of_one_telling }}, {{ attribute }}
        ) as {{ attribute }}_votes{{ ',' if not loop.last }}
        {%- endfor %}
    from particulars
    semi join contradictions
        on
            particulars.la_code = contradictions.la_code
            and particulars.child_key = contradictions.child_key
            and particulars.record_id = contradictions.record_id
            and particulars.collection_year is not distinct from contradictions.collection_year
),

most_votes as (
    select
        *,
        {%- for attribute in attributes %}
        max({{ attribute }}_votes) over ({{ of_one_telling }}) as {{ attribute }}_most{{ ',' if not loop.last }}
        {%- endfor %}
    from votes
),

settled as (
    select
        la_code,
        child_key,
        record_id,
        collection_year,
        teller_order,
        is_latest,
        {%- for attribute in attributes %}
        {%- set with_most %}filter (where {{ attribute }}_votes = {{ attribute }}_most) over ({{ of_one_telling }}){% endset %}
        case
            when
                min({{ attribute }}) {{ with_most }} = max({{ attribute }}) {{ with_most }}
                and {{ attribute }}_votes = {{ attribute }}_most
                then {{ attribute }}
        end as {{ attribute }}{{ ',' if not loop.last }}
        {%- endfor %}
    from most_votes
),

told_once as (
    select
        la_code,
        child_key,
        record_id,
        collection_year,
        teller_order,
        is_latest,
        {{ attributes | join(',\n        ') }}
    from particulars
    anti join contradictions
        on
            particulars.la_code = contradictions.la_code
            and particulars.child_key = contradictions.child_key
            and particulars.record_id = contradictions.record_id
            and particulars.collection_year is not distinct from contradictions.collection_year
    union all by name
    select * from settled
),

trusted_particulars as (
    select
        la_code,
        child_key,
        {%- for attribute in attributes %}
        {{ first_present(attribute, trusted_first) }} as {{ attribute }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from told_once
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
