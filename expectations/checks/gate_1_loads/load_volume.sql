-- table: ops.load
-- column: rows_landed
-- severity: set_aside_form
-- says: A service's load brings neither ten times more nor ten times fewer new forms a month than its earlier loads of
--     that form (their median, once there are 4).
-- then: All forms of this service in the load are set aside, and everything else goes on. Ask the service whether the
--     file is whole and holds only its own forms. Where it does, accept the load; else land the right file.
-- may be accepted: yes

-- Extreme means a factor of ten against the median of at least four earlier loads of the same form and service. Files
-- that are small by nature (reviews of one service) vary by such factors without anything being wrong, so too few is
-- only judged where at least 20 forms a month are usual, and too many only above 100 forms a month. A correction is no
-- new form, so a file of nothing else is not judged.
with

-- Forms of which nothing is kept, forms without a service and those of one that nobody has declared belong to no
-- service's history.
staged as (
    select
        'intake' as form_id,
        landed_row_id,
        load_id,
        load_seq,
        service_code,
        submission_key,
        event_date
    from staging.stg_forms__intake
    where not is_erased and service_code not like '?%'
    union all
    select
        'review' as form_id,
        landed_row_id,
        load_id,
        load_seq,
        service_code,
        submission_key,
        event_date
    from staging.stg_forms__review
    where not is_erased and service_code not like '?%'
    union all
    select
        'exit' as form_id,
        landed_row_id,
        load_id,
        load_seq,
        service_code,
        submission_key,
        event_date
    from staging.stg_forms__exit
    where not is_erased and service_code not like '?%'
),

-- A submission is new in the first load that brings it.
new_forms as (
    select *
    from staged
    qualify
        submission_key is null
        or load_seq = min(load_seq) over (partition by form_id, service_code, submission_key)
),

-- Forms per calendar month covered, so that a year in one file and a month in one file compare.
volume as (
    select
        form_id,
        load_id,
        load_seq,
        service_code,
        count(*) / greatest(count(distinct date_trunc('month', event_date)), 1) as monthly
    from new_forms
    group by form_id, load_id, load_seq, service_code
),

usual as (
    select
        form_id,
        load_id,
        service_code,
        monthly,
        median(monthly) over earlier as usual_monthly,
        count(*) over earlier as earlier_loads
    from volume
    window earlier as (
        partition by form_id, service_code
        order by load_seq
        rows between unbounded preceding and 1 preceding
    )
),

extreme as (
    select
        form_id,
        load_id,
        service_code
    from usual
    where
        earlier_loads >= 4
        and (
            (usual_monthly >= 20 and monthly * 10 < usual_monthly)
            or (monthly >= 100 and monthly > usual_monthly * 10)
        )
)

select
    staged.form_id,
    staged.landed_row_id,
    staged.load_id || '|' || staged.service_code as key
from staged
inner join extreme
    on
        staged.form_id = extreme.form_id
        and staged.load_id = extreme.load_id
        and staged.service_code = extreme.service_code
