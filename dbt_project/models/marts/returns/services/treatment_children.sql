{%- set in_order = 'start_date, end_date nulls last, substance_group, lives_with_children, number_of_children' -%}
with

treatment_year as (
    select * from {{ ref('int_social_care_window') }}
    where source_id = 'treatment' and is_year
),

-- Episodes of which some day lies in the year, as the indicator counts the adults.
episodes as (
    select episodes.* replace (treatment_year.period as reporting_year)
    from {{ ref('fct_treatment_episode') }} as episodes
    inner join treatment_year
        on
            episodes.la_code = treatment_year.la_code
            and episodes.start_date <= treatment_year.period_end
            and (episodes.end_date is null or episodes.end_date >= treatment_year.period_start)
),

-- A client with several episodes in a year counts once: the last episode of the year speaks.
latest_episodes as (
    select
        la_code,
        reporting_year,
        client_key,
        {{ value_of_last('substance_group', in_order) }} as substance_group,
        {{ value_of_last('lives_with_children', in_order) }} as lives_with_children,
        {{ value_of_last('number_of_children', in_order) }} as number_of_children
    from episodes
    group by la_code, reporting_year, client_key
),

clients as (
    select
        la_code,
        reporting_year,
        coalesce(substance_group, 'not recorded') as substance_group,
        case
            when lives_with_children is null then 'not recorded'
            when lives_with_children = 'none' then 'none'
            else 'own or other'
        end as lives_with_children,
        number_of_children
    from latest_episodes
),

clients_by_substance as (
    select * from clients
    union all
    select * replace ('all' as substance_group) from clients
),

substance_counts as (
    select
        la_code,
        reporting_year,
        substance_group,
        count(*) as clients,
        count(*) filter (where lives_with_children = 'own or other') as clients_with_children,
        count(*) filter (where lives_with_children = 'not recorded') as clients_not_recorded,
        cast(coalesce(sum(number_of_children) filter (where lives_with_children = 'own or other'), 0) as bigint)
            as children,
        count(*) filter (where lives_with_children = 'own or other' and number_of_children is null)
            as clients_with_children_uncounted,
        max(number_of_children) as most_children
    from clients_by_substance
    group by la_code, reporting_year, substance_group
)

select
    la_code,
    reporting_year,
    substance_group,
    clients,
    clients_with_children,
    100.0 * clients_with_children / clients as share_with_children,
    {{ wilson_lower('clients_with_children', 'clients') }} as share_lower_95,
    {{ wilson_upper('clients_with_children', 'clients') }} as share_upper_95,
    children,
    children / nullif(cast(clients_with_children as double), 0) as children_per_client_with_children,
    clients_not_recorded,
    clients_with_children_uncounted,
    most_children
from substance_counts
