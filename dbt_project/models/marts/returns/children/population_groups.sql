with

children as (
    select * from {{ ref('dim_child') }}
),

population as (
    select * from {{ ref('int_child_population') }}
),

census_year as (
    select
        la_code,
        period
    from {{ ref('int_social_care_window') }}
    where source_id = 'cin_census' and is_year
),

involved as (
    select distinct
        la_code,
        child_key,
        reporting_year,
        'referred in the year' as involvement
    from {{ ref('fct_referral') }}
    union all
    select
        la_code,
        child_key,
        reporting_year,
        {{ explode("list_filter([
            case when is_in_need then 'in need on 31 March' end,
            case when is_on_plan then 'on a plan on 31 March' end,
            case when is_looked_after then 'in care on 31 March' end
        ], x -> x is not null)") }} as involvement
    from {{ ref('child_on_31_march') }}
),

grouped as (
    select
        involved.la_code,
        involved.reporting_year,
        involved.involvement,
        groups.group_kind,
        case groups.group_kind
            when 'everybody' then 'all'
            when 'ethnic group' then coalesce(children.ethnicity_group, 'Unknown')
            when 'ethnicity' then coalesce(children.ethnicity, 'not recorded')
            else case when children.is_uasc then 'unaccompanied asylum-seeking' else 'other' end
        end as group_name,
        count(*) as children
    from involved
    left join children
        on involved.la_code = children.la_code and involved.child_key = children.child_key
    cross join (values ('everybody'), ('ethnic group'), ('ethnicity'), ('unaccompanied')) as groups (group_kind)
    group by all
),

totals as (
    select
        *,
        cast(sum(children) over (partition by la_code, reporting_year, involvement, group_kind) as bigint) as base
    from grouped
)

select
    totals.la_code,
    totals.reporting_year,
    totals.involvement,
    totals.group_kind,
    totals.group_name,
    totals.children,
    totals.base,
    100.0 * totals.children / totals.base as share,
    {{ wilson_lower('totals.children', 'totals.base') }} as share_lower_95,
    {{ wilson_upper('totals.children', 'totals.base') }} as share_upper_95,
    -- The estimates know age and sex, no ethnicity: only where the base is every child is there a rate.
    case when has_population then {{ rate('totals.children', 'population.children', 10000) }} end as per_10000,
    case when has_population then {{ rate_lower('totals.children', 'population.children', 10000) }} end
        as rate_lower_95,
    case when has_population then {{ rate_upper('totals.children', 'population.children', 10000) }} end
        as rate_upper_95,
    case
        when has_population then 'children aged 0 to 17' else 'not known: no population of this group is delivered'
    end as population_base,
    totals.children between 1 and 5 as is_small_number
from (
    select
        *,
        group_kind = 'everybody' or group_name = 'unaccompanied asylum-seeking' as has_population
    from totals
) as totals
inner join census_year
    on totals.la_code = census_year.la_code and totals.reporting_year = census_year.period
left join population
    on totals.la_code = population.la_code and totals.reporting_year = population.reporting_year
