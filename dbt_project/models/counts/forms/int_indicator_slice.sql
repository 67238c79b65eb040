with

profile as (
    select * from {{ ref('int_profile') }}
),

-- The whole of all services is there even before the first form: an empty warehouse still has its tables, all empty.
slice as (
    select
        'all_services' as geography_level,
        'all_services' as geography_code,
        'total' as breakdown,
        'total' as breakdown_value
    union all
    -- Also a service of which nothing has arrived: that it is listed must not tell whether it has a form.
    select distinct
        'service' as geography_level,
        carried_on_by as geography_code,
        'total' as breakdown,
        'total' as breakdown_value
    from {{ ref('service') }}
    union
    select distinct
        'service' as geography_level,
        service_code as geography_code,
        'total' as breakdown,
        'total' as breakdown_value
    from profile
    where service_code is not null
    {% for column in breakdown_columns() %}
    union all
    select distinct
        'all_services' as geography_level,
        'all_services' as geography_code,
        '{{ column }}' as breakdown,
        {{ column }} as breakdown_value
    from profile
    where {{ column }} <> {{ text_literal(not_asked_label()) }}
    {% endfor %}
),

numbered_slices as (
    select
        cast(
            row_number() over (order by geography_level, geography_code, breakdown, breakdown_value) as integer
        ) as slice_id,
        *
    from slice
)

select * from numbered_slices
