with

profile as (
    select * from {{ ref('int_profile') }}
),

slice as (
    select * from {{ ref('int_indicator_slice') }}
),

-- Only the first panel feeds the whole, or every form would be counted once for each panel it is in.
profile_slices as (
    select
        profile.profile_id,
        slice.slice_id
    from profile
    inner join slice
        on
            (profile.panel = 1 and slice.geography_level = 'all_services' and slice.breakdown = 'total')
            or (slice.geography_level = 'service' and profile.service_code = slice.geography_code)
            {% for column in breakdown_columns() %}
            or (slice.breakdown = '{{ column }}' and profile.{{ column }} = slice.breakdown_value)
            {% endfor %}
)

select * from profile_slices
