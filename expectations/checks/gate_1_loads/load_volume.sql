-- table: ops.load
-- column: rows_landed
-- severity: blocking
-- says: A service's load holds neither ten times more nor ten times fewer forms a month than its earlier loads of
--     that form (their median, once there are 4), and is not empty.
-- then: Nothing is published. Ask the service whether the file is whole and holds only its own forms. Land the right
--     file, then accept this load (the key is in ops.check_failure) so that the next run passes.
-- may be accepted: yes

-- Extreme means a factor of ten against the median of at least four earlier loads of the same form and service. Files
-- that are small by nature (reviews of one service) vary by such factors without anything being wrong, so too few is
-- only judged where at least 20 forms a month are usual, and too many only above 100 forms a month.
with

-- Erased forms, forms without a service and those of one that nobody has declared belong to no service's history.
staged as (
    select
        'intake' as form_id,
        load_id,
        service_code,
        event_date
    from staging.stg_forms__intake
    where not is_erased and service_code not like '?%'
    union all
    select
        'review' as form_id,
        load_id,
        service_code,
        event_date
    from staging.stg_forms__review
    where not is_erased and service_code not like '?%'
    union all
    select
        'exit' as form_id,
        load_id,
        service_code,
        event_date
    from staging.stg_forms__exit
    where not is_erased and service_code not like '?%'
),

-- Forms per calendar month covered, so that a year in one file and a month in one file compare.
volume as (
    select
        form_id,
        load_id,
        service_code,
        count(*) / greatest(count(distinct date_trunc('month', event_date)), 1) as monthly
    from staged
    group by form_id, load_id, service_code
),

usual as (
    select
        volume.load_id,
        volume.service_code,
        volume.monthly,
        median(volume.monthly) over earlier as usual_monthly,
        count(*) over earlier as earlier_loads
    from volume
    inner join ops.load as landed on volume.load_id = landed.load_id and landed.status = 'landed'
    window earlier as (
        partition by volume.form_id, volume.service_code
        order by landed.load_seq
        rows between unbounded preceding and 1 preceding
    )
)

select load_id || '|' || service_code as key
from usual
where
    earlier_loads >= 4
    and (
        (usual_monthly >= 20 and monthly * 10 < usual_monthly)
        or (monthly >= 100 and monthly > usual_monthly * 10)
    )
union all
select load_id as key
from ops.load
where status = 'landed' and form_id in (select form.form_id from reference.form as form) and rows_landed = 0
