{{ config(schema='reference', access='public', contract={'enforced': true}) }}
with

programme as (
    select
        year_starts,
        first_year,
        {{ last_year_over('final_to', 'year_starts') }} as final_year
    from {{ ref('programme') }}
),

landed_forms as (
    select * from {{ ref('int_form_landed') }}
),

replaced_forms as (
    select * from {{ ref('int_form_replaced') }}
),

forms_set_aside as (
    select * from {{ ref('int_form_set_aside') }}
    where check_ids is not null
),

-- Forms that nothing but their year can keep from counting, as int_form_disposition has it. Of the years before the
-- first that is reported only one is wanted.
forms_by_year as (
    select
        {{ year_of_day('landed_forms.event_date', 'programme.year_starts') }} as reporting_year,
        count(*) as forms
    from landed_forms
    cross join programme
    left join replaced_forms
        on landed_forms.landed_row_id = replaced_forms.landed_row_id
    left join forms_set_aside
        on landed_forms.landed_row_id = forms_set_aside.landed_row_id
    where
        not landed_forms.is_erased
        and landed_forms.submission_key is not null
        and landed_forms.client_key is not null
        and landed_forms.service_code is not null
        and not starts_with(landed_forms.service_code, '?')
        and not landed_forms.is_test
        and landed_forms.has_consent
        and (landed_forms.event_date < landed_forms.birth_month) is not true
        and replaced_forms.landed_row_id is null
        and forms_set_aside.landed_row_id is null
        and {{ year_of_day('landed_forms.event_date', 'programme.year_starts') }}
        >= coalesce(programme.first_year - 1, 1)
    group by {{ year_of_day('landed_forms.event_date', 'programme.year_starts') }}
),

-- A few stray dates are no year: one has begun with a thousandth of the forms, which arrive in a day or two. No clock
-- is asked, so what lies in the future is not known.
begun_years as (
    select
        *,
        sum(forms) over () as all_forms
    from forms_by_year
    qualify 1000 * forms >= all_forms
),

years_in_order as (
    select
        *,
        lag(reporting_year) over (order by reporting_year) as year_before
    from begun_years
),

-- Nor may a typing error make centuries of years: more than one year without forms parts two runs of years, unless the
-- programme says itself that there are years between (from the first that is reported to the last that is over).
years_in_runs as (
    select
        years_in_order.reporting_year,
        years_in_order.forms,
        sum(
            case
                when years_in_order.reporting_year <= years_in_order.year_before + 2 then 0
                when programme.first_year is not null and years_in_order.reporting_year <= programme.final_year then 0
                else 1
            end
        ) over (order by years_in_order.reporting_year) as run_of_years
    from years_in_order
    cross join programme
),

-- The run that most forms are of; of two alike the later.
longest_run as (
    select
        min(reporting_year) as first_of_run,
        max(reporting_year) as last_of_run
    from years_in_runs
    group by run_of_years
    order by sum(forms) desc, max(reporting_year) desc
    limit 1
),

numbered_years as (
    select
        first_of_run,
        first_of_run + {{ whole_numbers_below('last_of_run - first_of_run + 1') }}::integer as reporting_year
    from longest_run
),

dated_years as (
    select
        numbered_years.reporting_year,
        numbered_years.first_of_run,
        programme.year_starts,
        programme.first_year,
        programme.final_year,
        {{ first_day_of_year('numbered_years.reporting_year', 'programme.year_starts') }} as starts_on,
        {{ last_day_of_year('numbered_years.reporting_year', 'programme.year_starts') }} as ends_on
    from numbered_years
    cross join programme
)

select
    reporting_year,
    starts_on,
    ends_on,
    {{ year_in_words('starts_on', 'ends_on') }} as reporting_year_label,
    case when year_starts = '01-01' then cast(reporting_year as varchar) else {{ year_label('reporting_year') }} end
        as short_label,
    reporting_year >= coalesce(first_year, first_of_run) as is_reported,
    coalesce(reporting_year > final_year, true) as is_provisional
from dated_years
