with

days as (
    select distinct
        la_code,
        period_end as on_day
    from {{ ref('int_social_care_window') }}
    where source_id = 'cin_census' and (is_year or period_start = period_end)
),

plans as (
    select * from {{ ref('fct_protection_plan') }}
),

children as (
    select * from {{ ref('dim_child') }}
),

disabilities as (
    select * from {{ ref('child_disability') }}
    where disability != 'NONE'
),

team_cases as (
    select * from {{ ref('fct_disabled_team_case') }}
),

pupils as (
    select
        la_code,
        upn_key,
        bool_or(coalesce(sen_provision in ('K', 'E', 'S'), false)) as has_send
    from {{ ref('fct_school_census_pupil') }}
    group by la_code, upn_key
),

children_on_plan as (
    select distinct
        days.la_code,
        days.on_day,
        plans.child_key
    from days
    inner join plans
        on
            days.la_code = plans.la_code
            and {{ open_on('days.on_day', 'plans.start_date', 'plans.end_date') }}
),

children_with_team as (
    select distinct
        days.la_code,
        days.on_day,
        team_cases.child_key
    from days
    inner join team_cases
        on
            days.la_code = team_cases.la_code
            and {{ open_on('days.on_day', 'team_cases.open_date', 'team_cases.close_date') }}
),

codes_by_child as (
    select
        la_code,
        child_key,
        count(*) as codes,
        {{ collect_list('disability', 'true') }} as disabilities
    from disabilities
    group by la_code, child_key
),

described_children as (
    select
        children_on_plan.la_code,
        children_on_plan.on_day,
        children_on_plan.child_key,
        coalesce(children.is_disabled, false) as is_disabled,
        coalesce(codes_by_child.codes, 0) as codes,
        codes_by_child.disabilities,
        children_with_team.child_key is not null as is_with_team,
        pupils.upn_key is not null as is_linked,
        coalesce(pupils.has_send, false) as has_send
    from children_on_plan
    left join children
        on children_on_plan.la_code = children.la_code and children_on_plan.child_key = children.child_key
    left join codes_by_child
        on children_on_plan.la_code = codes_by_child.la_code and children_on_plan.child_key = codes_by_child.child_key
    left join children_with_team
        on
            children_on_plan.la_code = children_with_team.la_code
            and children_on_plan.on_day = children_with_team.on_day
            and children_on_plan.child_key = children_with_team.child_key
    left join pupils
        on children_on_plan.la_code = pupils.la_code and children.upn_key = pupils.upn_key
),

bases as (
    select
        la_code,
        on_day,
        count(*) as on_plan,
        count(*) filter (where is_linked) as linked_to_school
    from described_children
    group by la_code, on_day
),

-- Who has a need at school, or is with the team, is known where the school census, or the team's list, is held.
school_authority as (
    select distinct la_code from {{ ref('int_returns_coverage') }}
    where record_id = 'school_census_pupil'
),

team_days as (
    select
        la_code,
        first_day - slack as first_day,
        last_day + slack as last_day
    from {{ ref('int_returns_coverage') }}
    where record_id = 'disabled_team_case'
),

held_days as (
    select
        bases.la_code,
        bases.on_day,
        bool_or(school_authority.la_code is not null) as is_school_held,
        bool_or(team_days.la_code is not null) as is_team_held
    from bases
    left join school_authority on bases.la_code = school_authority.la_code
    left join team_days
        on bases.la_code = team_days.la_code and bases.on_day between team_days.first_day and team_days.last_day
    group by bases.la_code, bases.on_day
),

definition_counts as (
    {%- for kind, code, condition in [
        ('broad flag', 'any', 'is_disabled'),
        ('broad flag', 'any or special educational need', 'is_disabled or has_send'),
        ('narrow', 'special educational need only', 'has_send and not is_disabled'),
        ('narrow', 'two or more kinds', 'codes >= 2'),
        ('narrow', 'complex: open to the disabled children\'s team', 'is_with_team'),
    ] %}
    select
        la_code,
        on_day,
        '{{ kind }}' as definition_kind,
        {{ text_literal(code) }} as definition,
        count(*) filter (where {{ condition }}) as children
    from described_children
    group by la_code, on_day
    union all
    {%- endfor %}
    select
        described_children.la_code,
        described_children.on_day,
        'code' as definition_kind,
        disabilities.disability as definition,
        count(*) as children
    from described_children
    inner join disabilities
        on described_children.la_code = disabilities.la_code and described_children.child_key = disabilities.child_key
    group by described_children.la_code, described_children.on_day, disabilities.disability
)

select
    definition_counts.la_code,
    definition_counts.on_day,
    definition_counts.definition_kind,
    definition_counts.definition,
    definition_counts.children,
    bases.on_plan,
    100.0 * definition_counts.children / bases.on_plan as share,
    {{ wilson_lower('definition_counts.children', 'bases.on_plan') }} as share_lower_95,
    {{ wilson_upper('definition_counts.children', 'bases.on_plan') }} as share_upper_95,
    bases.linked_to_school
from definition_counts
inner join bases
    on definition_counts.la_code = bases.la_code and definition_counts.on_day = bases.on_day
inner join held_days
    on definition_counts.la_code = held_days.la_code and definition_counts.on_day = held_days.on_day
where
    case
        when definition_counts.definition like '%special educational need%' then held_days.is_school_held
        when definition_counts.definition like 'complex:%' then held_days.is_team_held
        else true
    end
