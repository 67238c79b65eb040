{%- set dispositions = ['accepted', 'superseded', 'duplicate', 'withdrawn', 'conflicting_versions', 'missing_key',
    'impossible_date', 'set_aside', 'erased'] -%}

with

records as (
    select * from {{ ref('return_disposition') }}
)

select
    record_id,
    la_code,
    collection_year,
    count(*) as landed,
    {%- for disposition in dispositions %}
    count(*) filter (where disposition = '{{ disposition }}') as {{ disposition }}{{ ',' if not loop.last }}
    {%- endfor %}
from records
group by record_id, la_code, collection_year
