with

landed_forms as (
    select * from {{ ref('int_form_landed') }}
),

replaced_forms as (
    select * from {{ ref('int_form_replaced') }}
),

forms_set_aside as (
    select * from {{ ref('int_form_set_aside') }}
),

decisions as (
    select
        subject_key,
        {{ value_of_last('decided', 'line') }} as decided
    from {{ source('ops', 'decision') }}
    where kind = 'birth_month'
    group by subject_key
),

-- What a version that was replaced, a test, or a form without consent said of a child is not held against it, nor is a
-- month that is impossible: after the day of the form, or of somebody who is no child (the check age_in_range).
months as (
    select
        landed_forms.landed_row_id,
        landed_forms.client_key,
        landed_forms.birth_month
    from landed_forms
    left join replaced_forms
        on landed_forms.landed_row_id = replaced_forms.landed_row_id
    left join forms_set_aside
        on landed_forms.landed_row_id = forms_set_aside.landed_row_id
    where
        landed_forms.client_key is not null
        and landed_forms.birth_month is not null
        and not landed_forms.is_erased
        and not landed_forms.is_test
        and landed_forms.has_consent
        and (landed_forms.event_date < landed_forms.birth_month) is not true
        and replaced_forms.landed_row_id is null
        and coalesce(forms_set_aside.check_ids not like '%age_in_range%', true)
),

clients_in_conflict as (
    select
        months.client_key,
        count(distinct months.birth_month) as birth_months,
        min(decisions.decided) as decided
    from months
    left join decisions
        on months.client_key = decisions.subject_key
    group by months.client_key
    having min(months.birth_month) != max(months.birth_month)
),

forms_in_conflict as (
    select
        landed_forms.form_id,
        landed_forms.landed_row_id,
        landed_forms.service_code,
        landed_forms.client_key,
        clients_in_conflict.birth_months,
        clients_in_conflict.decided,
        months.birth_month as said_month,
        case
            when clients_in_conflict.decided is null then true
            when clients_in_conflict.decided = 'several_children' then landed_forms.birth_month is null
            else false
        end as is_set_aside,
        -- As keyed as the key it is made of.
        case
            when clients_in_conflict.decided = 'several_children' and landed_forms.birth_month is not null
                then md5(landed_forms.client_key || '|' || cast(landed_forms.birth_month as varchar))
            else landed_forms.client_key
        end as own_client_key,
        case
            when landed_forms.birth_month is null or clients_in_conflict.decided is null then landed_forms.birth_month
            when clients_in_conflict.decided = 'several_children' then landed_forms.birth_month
            else cast(clients_in_conflict.decided || '-01' as date)
        end as own_birth_month
    from landed_forms
    inner join clients_in_conflict
        on landed_forms.client_key = clients_in_conflict.client_key
    left join months
        on landed_forms.landed_row_id = months.landed_row_id
    where not landed_forms.is_erased
)

select * from forms_in_conflict
