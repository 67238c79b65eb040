{#- Who says what a child is, the most trusted first. -#}
{%- set tellers = [
    ('cin_child', ['sex', 'birth_month', 'ethnicity', 'upn_key']),
    ('s903_header', ['sex', 'birth_month', 'ethnicity', 'upn_key']),
    ('s903_uasc', ['sex', 'birth_month']),
    ('s903_health', ['birth_month']),
    ('s903_missing', ['birth_month']),
    ('annex_a_referral', ['sex', 'birth_month', 'ethnicity']),
    ('annex_a_assessment', ['sex', 'birth_month', 'ethnicity']),
    ('annex_a_section47', ['sex', 'birth_month', 'ethnicity']),
    ('annex_a_child_in_need', ['sex', 'birth_month', 'ethnicity']),
    ('annex_a_protection_plan', ['sex', 'birth_month', 'ethnicity']),
    ('annex_a_looked_after', ['sex', 'birth_month', 'ethnicity']),
    ('annex_a_care_leaver', ['sex', 'birth_month', 'ethnicity']),
    ('annex_a_adoption', ['sex', 'birth_month', 'ethnicity']),
    ('annex_a_early_help', ['sex', 'birth_month', 'ethnicity']),
    ('annex_a_contact', ['sex', 'birth_month', 'ethnicity']),
    ('youth_offence', ['sex', 'birth_month']),
] -%}
{%- set empty = {'sex': 'varchar', 'birth_month': 'date', 'ethnicity': 'varchar', 'upn_key': 'varchar'} -%}

with

particulars_sent as (
    {%- for record_id, fields in tellers %}
    select
        '{{ record_id }}' as record_id,
        {{ loop.index }} as teller_order,
        landed_row_id,
        {%- for field, data_type in empty.items() %}
        {{ field if field in fields else 'null::' ~ data_type }} as {{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('stg_returns__' ~ record_id) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

-- What says nothing (unknown sex, ethnicity refused or not yet obtained) contradicts nothing.
particulars as (
    select
        dispositions.la_code,
        dispositions.child_key,
        particulars_sent.record_id,
        particulars_sent.teller_order,
        particulars_sent.landed_row_id,
        dispositions.collection_year,
        dispositions.disposition not in ('superseded', 'duplicate')
        -- A child sent twice in a collection: what either says is of that collection.
        or coalesce(
            dispositions.collection_year = max(dispositions.collection_year) over (
                partition by dispositions.la_code, dispositions.child_key, dispositions.record_id
            ),
            false
        ) as is_latest,
        nullif(particulars_sent.sex, 'U') as sex,
        case
            when
                not coalesce(list_contains(dispositions.fields_set_aside, 'birth_month'), false)
                then particulars_sent.birth_month
        end as birth_month,
        case when particulars_sent.ethnicity not in ('REFU', 'NOBT') then particulars_sent.ethnicity end as ethnicity,
        case
            when
                not coalesce(list_contains(dispositions.fields_set_aside, 'upn_key'), false)
                then particulars_sent.upn_key
        end as upn_key
    from particulars_sent
    inner join dispositions
        on particulars_sent.landed_row_id = dispositions.landed_row_id
    where
        dispositions.is_in_force
        and dispositions.disposition not in ('missing_key', 'set_aside', 'withdrawn', 'conflicting_versions')
)

select * from particulars
