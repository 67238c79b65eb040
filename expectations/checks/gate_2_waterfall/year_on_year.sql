-- table: marts.form_disposition
-- severity: blocking
-- says: Counted over the services that sent forms in both years, the accepted forms of a complete reporting year are
--     neither less than half nor more than double those of the year before.
-- then: Nothing is published. Look whether files of one of the two years are missing or doubled (`insights loads`).
--     If the change is real, accept this form and year (the key is in ops.check_failure).
-- may be accepted: yes

-- Below a hundred forms in the earlier year, half or double is chance. A year is complete once it is over, as the
-- programme says, and a form of its last month or of a later day exists: no clock is asked, so a later run says the
-- same.
with

accepted as (
    select
        disposition.form_id,
        disposition.reporting_year,
        disposition.service_code,
        count(*) as forms
    from marts.form_disposition as disposition
    inner join reference.reporting_year as reported on disposition.reporting_year = reported.reporting_year
    where disposition.disposition = 'accepted' and reported.is_reported and not reported.is_provisional
    group by all
),

latest as (
    select
        'intake' as form_id,
        max(intake_date) as latest_date
    from marts.fct_intake
    union all
    select
        'exit' as form_id,
        max(closure_date) as latest_date
    from marts.fct_exit
    union all
    select
        'review' as form_id,
        max(review_date) as latest_date
    from marts.fct_review
)

select concat_ws('|', this_year.form_id, this_year.reporting_year) as key
from accepted as this_year
inner join accepted as year_before
    on
        this_year.form_id = year_before.form_id
        and this_year.service_code = year_before.service_code
        and this_year.reporting_year = year_before.reporting_year + 1
inner join reference.reporting_year as reported on this_year.reporting_year = reported.reporting_year
inner join latest
    on this_year.form_id = latest.form_id and latest.latest_date >= cast(reported.ends_on as date) - 31
group by this_year.form_id, this_year.reporting_year
having
    sum(year_before.forms) >= 100
    and (sum(this_year.forms) * 2 < sum(year_before.forms) or sum(this_year.forms) > 2 * sum(year_before.forms))
