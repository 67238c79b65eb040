{#- A run of days ends where nothing is recorded for longer than this: what lies between was not delivered. -#}
{%- set longest_gap = 365 -%}
{%- set event_slack, spell_slack = 31, 92 -%}
with

disposition as (
    select * from {{ ref('return_disposition') }}
),

record_type as (
    select * from {{ ref('record_type') }}
),

-- A yearly return holds the years it was collected for, whatever else stands in it, where a record of them counts.
records_by_year as (
    select
        record_type.return_id as source_id,
        disposition.record_id,
        disposition.la_code,
        disposition.collection_year,
        bool_or(disposition.is_counted) as is_counted,
        -- Only a file that holds the return whole has paths of elements.
        bool_or(disposition.is_counted and disposition.source_path is not null) as is_whole
    from disposition
    inner join record_type on disposition.record_id = record_type.record_id
    where record_type.return_id in ('cin_census', 'ssda903') and disposition.collection_year is not null
    group by record_type.return_id, disposition.record_id, disposition.la_code, disposition.collection_year
),

whole_years as (
    select distinct
        source_id,
        la_code,
        collection_year
    from records_by_year
    where is_whole
),

-- Of a return that came whole, a table without a record is empty; of one sent table by table it was not sent.
years_collected as (
    select
        source_id,
        record_id,
        la_code,
        collection_year
    from records_by_year
    where is_counted
    union all
    select
        whole_years.source_id,
        record_type.record_id,
        whole_years.la_code,
        whole_years.collection_year
    from whole_years
    inner join record_type on whole_years.source_id = record_type.return_id
    anti join records_by_year
        on
            record_type.record_id = records_by_year.record_id
            and whole_years.la_code = records_by_year.la_code
            and whole_years.collection_year = records_by_year.collection_year
),

-- The header of a looked-after return can say who is unaccompanied, too; where it does, their own table need not come.
unaccompanied_years as (
    select distinct
        'ssda903' as source_id,
        's903_uasc' as record_id,
        la_code,
        reporting_year as collection_year
    from {{ ref('fct_unaccompanied_child') }}
),

-- One day a year says all there is to say of a school census.
school_years as (
    select distinct
        'school_census' as source_id,
        'school_census_pupil' as record_id,
        la_code,
        reporting_year as collection_year
    from {{ ref('fct_school_census_pupil') }}
),

spans_of_years as (
    select
        source_id,
        record_id,
        la_code,
        make_date(collection_year - 1, 4, 1) as first_day,
        make_date(collection_year, 3, 31) as last_day,
        0 as slack
    from (
        select * from years_collected
        union all
        select * from unaccompanied_years
        union all
        select * from school_years
    ) as years
),

-- A local extract holds what lies between its first and its last record; an open spell lasts to the end of it.
spans_of_extracts as (
    {% for source_id, record_id, fact, first_column, last_column in local_extracts() %}
    select distinct
        '{{ source_id }}' as source_id,
        '{{ record_id }}' as record_id,
        la_code,
        {{ first_column }} as first_day,
        {{ 'greatest(' ~ first_column ~ ', ' ~ last_column ~ ')' if last_column else first_column }} as last_day,
        {{ ('coalesce(' ~ last_column ~ ' is null, false)') if last_column else 'false' }} as is_open,
        {{ spell_slack if last_column else event_slack }} as slack
    from {{ ref(fact) }}
    where {{ first_column }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

spans_with_ends as (
    select
        source_id,
        record_id,
        la_code,
        first_day,
        case when is_open then max(last_day) over (partition by record_id, la_code) else last_day end as last_day,
        slack
    from spans_of_extracts
),

spans as (
    select * from spans_of_years
    union all
    select * from spans_with_ends
),

spans_in_order as (
    select
        *,
        max(last_day) over (
            partition by record_id, la_code
            order by first_day, last_day
            rows between unbounded preceding and 1 preceding
        ) as reached
    from spans
),

spans_in_runs as (
    select
        *,
        sum(
            case when first_day <= reached + case when slack = 0 then 1 else {{ longest_gap }} end then 0 else 1 end
        ) over (
            partition by record_id, la_code
            order by first_day, last_day
            rows between unbounded preceding and current row
        ) as run_no
    from spans_in_order
)

select
    source_id,
    record_id,
    la_code,
    min(first_day) as first_day,
    max(last_day) as last_day,
    max(slack) as slack
from spans_in_runs
group by source_id, record_id, la_code, run_no
