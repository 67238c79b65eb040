with

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

limits as (
    select * from {{ ref('int_child_limit') }}
),

-- Whoever stands in the table of unaccompanied children is one, unless it says otherwise; the header has a mark. A mark
-- speaks of its year alone, so those of earlier collections count, too.
told as (
    select
        landed_row_id,
        la_code,
        child_key,
        sex,
        birth_month,
        coalesce(is_unaccompanied, true) as is_unaccompanied,
        end_date,
        collection_year,
        1 as teller_order
    from {{ ref('stg_returns__s903_uasc') }}
    union all
    select
        landed_row_id,
        la_code,
        child_key,
        sex,
        birth_month,
        coalesce(is_unaccompanied, true) as is_unaccompanied,
        unaccompanied_until as end_date,
        collection_year,
        2 as teller_order
    from {{ ref('stg_returns__s903_header') }}
    where is_unaccompanied is not null or unaccompanied_until is not null
),

told_in_force as (
    select
        told.* replace (
            case
                when not coalesce(list_contains(dispositions.fields_set_aside, 'end_date'), false) then told.end_date
            end as end_date
        ),
        dispositions.absent_from,
        max(told.collection_year) over (partition by told.la_code, told.child_key) as last_told_year,
        min(case when told.is_unaccompanied then told.collection_year end) over (
            partition by told.la_code, told.child_key
        ) as first_year
    from told
    inner join dispositions on told.landed_row_id = dispositions.landed_row_id
    where dispositions.is_in_force and dispositions.disposition in ('accepted', 'superseded')
),

-- The last collection that says so speaks, its table before its header.
last_told as (
    select *
    from told_in_force
    where is_unaccompanied
    qualify row_number() over (
        partition by la_code, child_key
        order by collection_year desc, teller_order, end_date desc nulls last, landed_row_id
    ) = 1
)

select
    last_told.landed_row_id,
    last_told.la_code,
    last_told.child_key,
    last_told.sex,
    last_told.birth_month,
    -- No return says since when: not before the year of the collection that says so first.
    make_date(last_told.first_year - 1, 4, 1) as start_date,
    -- A later collection that denies it says that the status ended with the year of this one at the latest, and so does
    -- a table without the child. The status is one of children.
    least(
        coalesce(
            last_told.end_date,
            case
                when last_told.last_told_year > last_told.collection_year
                    then make_date(last_told.collection_year, 4, 1)
            end,
            last_told.absent_from
        ),
        limits.is_18_by, limits.died_by
    ) as end_date,
    last_told.collection_year as reporting_year
from last_told
left join limits
    on last_told.la_code = limits.la_code and last_told.child_key = limits.child_key
