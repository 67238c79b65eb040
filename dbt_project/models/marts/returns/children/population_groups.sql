with

children as (
    select * from {{ ref('dim_child') }}
),

population as (
    select * from {{ ref('int_child_population') }}
),

held_year as (
    select
        la_code,
        period,
        source_id
    from {{ ref('int_social_care_window') }}
    where source_id in ('cin_census', 'ssda903') and is_year
),

-- As the indicator counts them: in care and unaccompanied on that day.
unaccompanied_on_the_day as (
    select distinct
        held_year.la_code,
        unaccompanied.child_key,
        held_year.period as reporting_year,
        'in care on 31 March' as involvement
    from held_year
    inner join {{ ref('int_social_care_unaccompanied') }} as unaccompanied
        on
            held_year.la_code = unaccompanied.la_code
            and {{ open_on(
                'make_date(held_year.period, 3, 31)', 'unaccompanied.start_date', 'unaccompanied.end_date'
            ) }}
    where held_year.source_id = 'ssda903'
),

involvements as (
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

children_by_group as (
    select
        involvements.la_code,
        involvements.reporting_year,
        involvements.involvement,
        groups.group_kind,
        case groups.group_kind
            when 'everybody' then 'all'
            when 'ethnic group' then coalesce(children.ethnicity_group, 'Unknown')
            when 'ethnicity' then coalesce(children.ethnicity, 'not recorded')
            when
                'unaccompanied'
                then case
                    when unaccompanied_on_the_day.child_key is not null then 'unaccompanied asylum-seeking'
                    when involvements.involvement <> 'in care on 31 March' and children.is_uasc
                        then 'unaccompanied asylum-seeking'
                    else 'other'
                end
        end as group_name,
        count(*) as children
    from involvements
    left join children
        on involvements.la_code = children.la_code and involvements.child_key = children.child_key
    left join unaccompanied_on_the_day
        on
            involvements.la_code = unaccompanied_on_the_day.la_code
            and involvements.child_key = unaccompanied_on_the_day.child_key
            and involvements.reporting_year = unaccompanied_on_the_day.reporting_year
            and involvements.involvement = unaccompanied_on_the_day.involvement
    cross join (values ('everybody'), ('ethnic group'), ('ethnicity'), ('unaccompanied')) as groups (group_kind)
    group by all
),

groups_with_base as (
    select
        *,
        cast(sum(children) over (partition by la_code, reporting_year, involvement, group_kind) as bigint) as base,
        group_kind = 'everybody' or group_name = 'unaccompanied asylum-seeking' as has_population
    from children_by_group
)

select
    groups_with_base.la_code,
    groups_with_base.reporting_year,
    groups_with_base.involvement,
    groups_with_base.group_kind,
    groups_with_base.group_name,
    groups_with_base.children,
    groups_with_base.base,
    100.0 * groups_with_base.children / groups_with_base.base as share,
    {{ wilson_lower('groups_with_base.children', 'groups_with_base.base') }} as share_lower_95,
    {{ wilson_upper('groups_with_base.children', 'groups_with_base.base') }} as share_upper_95,
    -- The estimates know age and sex, no ethnicity: only where the base is every child is there a rate.
    case
        when has_population then {{ rate('groups_with_base.children', 'population.children', 10000) }}
    end as per_10000,
    case when has_population then {{ rate_lower('groups_with_base.children', 'population.children', 10000) }} end
        as rate_lower_95,
    case when has_population then {{ rate_upper('groups_with_base.children', 'population.children', 10000) }} end
        as rate_upper_95,
    case
        when has_population then 'children aged 0 to 17' else 'not known: no population of this group is delivered'
    end as population_base,
    groups_with_base.children between 1 and 5 as is_small_number
from groups_with_base
inner join held_year
    on
        groups_with_base.la_code = held_year.la_code
        and groups_with_base.reporting_year = held_year.period
        and held_year.source_id
        = case when groups_with_base.involvement = 'in care on 31 March' then 'ssda903' else 'cin_census' end
left join population
    on groups_with_base.la_code = population.la_code and groups_with_base.reporting_year = population.reporting_year
