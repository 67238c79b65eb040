{#
    Readers of the seeds that describe the social care returns. Models whose columns follow from what a return holds ask
    here while their SQL is written, so a new field or code needs no change to a model. As with the catalogue, a model
    gives the seeds it wants read, and unit tests replace `return_fields`.
#}


{#
    The fields of one record type in order: dicts with field_id, kind, is_required, storage and, for codes and flags, codes:
    dicts with code, canonical_code, first_year, last_year and spellings. Fields that are never stored are left out.
#}
{% macro return_fields(record_id, fields, codes, spellings) -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}

    {%- set field_query -%}
        select
            field_id, kind, case kind when 'flag' then 'flag' else code_list end as code_list,
            is_required::boolean as is_required, storage, least, most
        from {{ fields.render() }}
        where record_id = '{{ record_id }}' and storage != 'never'
        order by field_order
    {%- endset -%}
    {%- set code_query -%}
        select
            code_list, code::varchar as code, canonical_code::varchar as canonical_code, code_label, first_year, last_year
        from {{ codes.render() }}
        where code_list in (
            select field.code_list from {{ fields.render() }} as field
            where field.record_id = '{{ record_id }}'
        ) or code_list = 'flag'
        order by code_list, code
    {%- endset -%}
    {%- set spelling_query -%}
        select code_list, spelling::varchar as spelling, code::varchar as code
        from {{ spellings.render() }}
        order by code_list, spelling
    {%- endset -%}

    {%- set spelt = {} -%}
    {%- for row in catalogue_rows(spelling_query) -%}
        {%- do spelt.setdefault(row['code_list'] ~ '.' ~ row['code'], []).append(row['spelling']) -%}
    {%- endfor -%}
    {%- set listed = {} -%}
    {%- for row in catalogue_rows(code_query) -%}
        {%- do listed.setdefault(row['code_list'], []).append({
            'code': row['code'],
            'canonical_code': row['canonical_code'],
            'first_year': row['first_year'],
            'last_year': row['last_year'],
            'spellings': ([row['code_label']] if row['code_label'] else [])
                + spelt.get(row['code_list'] ~ '.' ~ row['code'], []),
        }) -%}
    {%- endfor -%}
    {%- set stored = [] -%}
    {%- for row in catalogue_rows(field_query) -%}
        {%- do stored.append({
            'field_id': row['field_id'],
            'kind': row['kind'],
            'is_required': row['is_required'],
            'storage': row['storage'],
            'least': row['least'],
            'most': row['most'],
            'codes': listed.get(row['code_list'], []),
        }) -%}
    {%- endfor -%}
    {%- if not stored -%}
        {{ exceptions.raise_compiler_error(
            "The seeds describe no field of the record '" ~ record_id ~ "'. Nothing was changed. "
            ~ "Load the seeds with `dbt seed` and start again."
        ) }}
    {%- endif -%}
    {{ return(stored) }}
{%- endmacro %}


{# The first and the last day a date of an event can have: a collection reaches a year beyond its end and no further. #}
{% macro earliest_event() -%}date '1990-01-01'{%- endmacro %}
{% macro earliest_birth() -%}date '1905-01-01'{%- endmacro %}
{% macro latest_date() -%}
    coalesce(make_date(collection_year + 1, 3, 31), landed_at::date + 365)
{%- endmacro %}

{# A child stops being an unaccompanied child on a day known years before: at the latest the eighteenth birthday. #}
{% macro latest_date_of(record_id, field) -%}
    {%- if record_id == 's903_uasc' and field['field_id'] == 'end_date' -%}
    {{ latest_date() }} + interval 18 year
    {%- else -%}
    {{ latest_date() }}
    {%- endif -%}
{%- endmacro %}


{% macro return_problems_type() -%}
    struct(field_id varchar, problem varchar)[]
{%- endmacro %}


{# One or more codes as a list of SQL literals, NULL where there is no limit. #}
{% macro code_limits(field, limit) -%}
    {%- set limits = [] -%}
    {%- for code in field['codes'] -%}
        {%- do limits.append('null' if code[limit] is none else code[limit] | int) -%}
    {%- endfor -%}
    ([{{ limits | join(', ') }}]::integer[])
{%- endmacro %}


{# The places of the codes of a list that mean what another one means, in another year say. #}
{% macro codes_with_a_twin(field) -%}
    {%- set meanings = field['codes'] | map(attribute='canonical_code') | list -%}
    {%- set places = [] -%}
    {%- for meaning in meanings -%}
        {%- if meanings.count(meaning) > 1 -%}{%- do places.append(loop.index) -%}{%- endif -%}
    {%- endfor -%}
    ([{{ places | join(', ') }}]::integer[])
{%- endmacro %}


{% macro is_date_field(field) -%}
    {{ return(field['kind'] in ('date', 'datetime') or field['storage'] == 'month') }}
{%- endmacro %}


{#
    The staging of one record type, written from the seeds `fields`, `codes` and `spellings`: every record of the relation
    `landed` becomes one row with typed columns and a list of what could not be used. A value with a problem is NULL; what follows from the problem is for the rules.
#}
{% macro stage_return(record_id, landed, fields, codes, spellings, is_nested=false) %}
{%- if not execute %}
select * from {{ landed }}
{%- else %}
{%- set fields = return_fields(record_id, fields, codes, spellings) -%}
{%- set meta = ['landed_row_id', 'load_id', 'load_seq', 'source_file', 'source_row', 'source_path', 'parent_row_id',
    'content_hash', 'landed_at', 'la_code', 'collection_year'] + (['child_key'] if is_nested else []) -%}
{%- set judged = [] -%}
{%- for field in fields if field['is_required'] or field['kind'] in ('code', 'flag', 'integer', 'number', 'upn')
        or is_date_field(field) -%}
    {%- do judged.append(field['field_id']) -%}
{%- endfor -%}
{%- if fields | selectattr('kind', 'equalto', 'child_id') | list -%}{%- do meta.append('child_alike_key') -%}{%- endif -%}

with

source as (
    select * from {{ landed }}
    {%- if is_incremental() %}
    where load_seq > (select coalesce(max(staged.load_seq), 0) from {{ this }} as staged)
    {%- endif %}
),

-- One value of each cell: a date, a number, or the place in the list of codes.
values_read as (
    select
        {{ meta | join(',\n        ') }}
        {%- for field in fields %}
        {%- set cell = 'source.' ~ field['field_id'] %},
        {%- if field['storage'] == 'month' %}
        {{ try_month(cell) }} as v_{{ loop.index }}
        {%- elif field['kind'] == 'date' %}
        {{ try_one_date(cell) }} as v_{{ loop.index }}
        {%- elif field['kind'] == 'datetime' %}
        {{ try_local_timestamp(cell) }} as v_{{ loop.index }}
        {%- elif field['kind'] in ('code', 'flag') %}
        {{ code_position(cell, field) }} as v_{{ loop.index }}
        {%- elif field['kind'] in ('integer', 'number') %}
        {{ try_number(cell) }} as v_{{ loop.index }}
        {%- else %}
        nullif(trim({{ cell }}), '') as v_{{ loop.index }}
        {%- endif %},
        coalesce(trim({{ cell }}), '') = '' as blank_{{ loop.index }}
        {%- endfor %}
    from source
),

problems_found as (
    select
        *
        {%- for field in fields if field['field_id'] in judged %}
        {%- set value = 'v_' ~ (fields.index(field) + 1) -%}
        {%- set blank = 'blank_' ~ (fields.index(field) + 1) %},
        case
            when {{ blank }} then {{ "'missing_required'" if field['is_required'] else 'null' }}
            {%- if is_date_field(field) %}
            when {{ value }} is null then 'unreadable_date'
            when {{ value }} < {{ earliest_birth() if field['storage'] == 'month' else earliest_event() }} then 'date_out_of_range'
            when {{ value }}::date > {{ latest_date_of(record_id, field) }} then 'date_out_of_range'
            {%- elif field['kind'] in ('code', 'flag') %}
            when {{ value }} = 0 then 'unknown_code'
            when {{ value }} > 0 and (
                collection_year < {{ code_limits(field, 'first_year') }}[{{ value }}]
                or collection_year > {{ code_limits(field, 'last_year') }}[{{ value }}]
            ) then case
                when list_contains({{ codes_with_a_twin(field) }}, {{ value }}) then 'code_of_another_year'
                else 'code_not_valid_in_year'
            end
            {%- elif field['kind'] in ('integer', 'number') %}
            when {{ value }} is null
                {%- if field['kind'] == 'integer' %} or {{ value }} != floor({{ value }}) or abs({{ value }}) > 1000000000 {%- endif %}
                then 'unreadable_number'
            {%- for limit, sign in [('least', '<'), ('most', '>')] if field.get(limit) is not none and limit in field %}
            when {{ value }} {{ sign }} {{ field[limit] }} then 'number_out_of_range'
            {%- endfor %}
            {%- elif field['kind'] == 'upn' %}
            when {{ value }} = repeat('0', 32) then 'not_a_pupil_number'
            {%- endif %}
        end as x_{{ fields.index(field) + 1 }}
        {%- endfor %}
    from values_read
),

staged as (
    select
        {{ meta | join(',\n        ') }}
        {%- for field in fields %}
        {%- set value = 'v_' ~ loop.index -%}
        {%- set problem = 'x_' ~ loop.index %},
        {%- if field['kind'] in ('code', 'flag') %}
        {%- set canonical = [] -%}
        {%- for code in field['codes'] -%}
            {%- set meant = code['canonical_code'] -%}
            {%- do canonical.append(text_literal(meant) if field['kind'] == 'code' else (meant if meant != 'unknown' else 'null')) -%}
        {%- endfor %}
        case
            when {{ problem }} is null or {{ problem }} = 'code_of_another_year'
                then ([{{ canonical | join(', ') }}])[abs({{ value }})]
        end as {{ field['field_id'] }}
        {%- elif field['kind'] == 'integer' %}
        case when {{ problem }} is null then {{ value }}::integer end as {{ field['field_id'] }}
        {%- elif field['field_id'] in judged %}
        case when {{ problem }} is null then {{ value }} end as {{ field['field_id'] }}
        {%- else %}
        {{ value }} as {{ field['field_id'] }}
        {%- endif %}
        {%- endfor %},
        {%- set found = [] -%}
        {%- set entries = [] -%}
        {%- for field in fields if field['field_id'] in judged -%}
            {%- set problem = 'x_' ~ (fields.index(field) + 1) -%}
            {%- do found.append(problem) -%}
            {%- do entries.append(
                'case when ' ~ problem ~ " is not null then {'field_id': '" ~ field['field_id'] ~ "', 'problem': "
                ~ problem ~ '} end'
            ) -%}
        {%- endfor %}
        case
            when coalesce({{ found | join(', ') }}, null) is not null
                then {{ list_of_present(entries, return_problems_type()) }}
            else []::{{ return_problems_type() }}
        end as problems
    from problems_found
)

select * from staged
{%- endif %}
{% endmacro %}
