with recursive

intakes as (
    select * from {{ ref('stg_forms__intake') }}
),

reviews as (
    select * from {{ ref('stg_forms__review') }}
),

exits as (
    select * from {{ ref('stg_forms__exit') }}
),

{%- set identity %}
        landed_row_id,
        client_key,
        submission_key,
        case_key,
        -- What landed before there were exact keys counts as written the way it is compared.
        coalesce(client_exact_key, client_key) as client_exact_key,
        coalesce(case_exact_key, case_key) as case_exact_key,
        event_date,
        birth_month
{%- endset %}

all_forms as (
    select
        'intake' as form_id,
        {{- identity }}
    from intakes
    where not is_erased
    union all
    select
        'review' as form_id,
        {{- identity }}
    from reviews
    where not is_erased
    union all
    select
        'exit' as form_id,
        {{- identity }}
    from exits
    where not is_erased
),

-- Few ids are written in several ways, so all that is costly looks only at those.
clients_written_differently as (
    select client_key from all_forms
    group by client_key
    having min(client_exact_key) != max(client_exact_key)
),

spellings as (
    select distinct
        all_forms.client_key,
        all_forms.client_exact_key,
        all_forms.birth_month
    from all_forms
    inner join clients_written_differently
        on all_forms.client_key = clients_written_differently.client_key
),

-- Spellings that come with the same month are of one child, as far as ids can tell; so are those that come with the
-- same as one of them. That a child seems to be born in two months is then seen as what it is (int_client_conflict),
-- and not taken for two children because somebody also typed a zero.
alike as (
    select
        spellings.client_key,
        spellings.client_exact_key,
        others.client_exact_key as other_exact_key
    from spellings
    inner join spellings as others
        on spellings.client_key = others.client_key and spellings.birth_month = others.birth_month
    union
    select
        alike.client_key,
        alike.client_exact_key,
        others.client_exact_key as other_exact_key
    from alike
    inner join spellings as common
        on alike.client_key = common.client_key and alike.other_exact_key = common.client_exact_key
    inner join spellings as others
        on common.client_key = others.client_key and common.birth_month = others.birth_month
),

spellings_with_child as (
    select
        client_key,
        client_exact_key,
        min(other_exact_key) as own_client_key
    from alike
    group by client_key, client_exact_key
),

clients_apart as (
    select client_key from spellings_with_child
    group by client_key
    having min(own_client_key) != max(own_client_key)
),

-- A spelling without a month cannot be told to be any of several children.
own_clients as (
    select distinct
        spellings.client_key,
        spellings.client_exact_key,
        coalesce(spellings_with_child.own_client_key, spellings.client_exact_key) as own_client_key
    from spellings
    inner join clients_apart
        on spellings.client_key = clients_apart.client_key
    left join spellings_with_child
        on
            spellings.client_key = spellings_with_child.client_key
            and spellings.client_exact_key = spellings_with_child.client_exact_key
),

forms_of_clients as (
    select
        all_forms.*,
        coalesce(own_clients.own_client_key, all_forms.client_key) as own_client_key
    from all_forms
    left join own_clients
        on
            all_forms.client_key = own_clients.client_key
            and all_forms.client_exact_key = own_clients.client_exact_key
),

-- Two references of one client are two cases where they stand on intakes of two days that are not one submission.
cases_apart as (
    select
        own_client_key,
        case_key
    from forms_of_clients
    where form_id = 'intake'
    group by own_client_key, case_key
    having
        min(case_exact_key) != max(case_exact_key)
        and min(submission_key) != max(submission_key)
        and min(event_date) != max(event_date)
),

own_keys as (
    select
        forms_of_clients.form_id,
        forms_of_clients.landed_row_id,
        forms_of_clients.own_client_key as client_key,
        forms_of_clients.client_key != forms_of_clients.own_client_key as is_other_client,
        cases_apart.case_key is not null as is_other_case,
        case
            when cases_apart.case_key is null then forms_of_clients.case_key
            else forms_of_clients.case_exact_key
        end as case_key
    from forms_of_clients
    left join cases_apart
        on
            forms_of_clients.own_client_key = cases_apart.own_client_key
            and forms_of_clients.case_key = cases_apart.case_key
),

forms_apart as (
    select
        form_id,
        landed_row_id,
        client_key,
        case_key
    from own_keys
    where is_other_client or is_other_case
)

select * from forms_apart
