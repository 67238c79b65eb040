with

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

months_of_spellings as (
    select
        all_forms.client_key,
        all_forms.client_exact_key,
        all_forms.birth_month,
        row_number() over (
            partition by all_forms.client_key, all_forms.client_exact_key
            order by all_forms.birth_month is null, count(*) desc, all_forms.birth_month
        ) as place
    from all_forms
    inner join clients_written_differently
        on all_forms.client_key = clients_written_differently.client_key
    group by all_forms.client_key, all_forms.client_exact_key, all_forms.birth_month
),

-- The month of birth that a spelling comes with most often speaks for it.
spellings as (
    select
        client_key,
        client_exact_key,
        birth_month
    from months_of_spellings
    where place = 1
),

clients_apart as (
    select client_key from spellings
    group by client_key
    having min(birth_month) != max(birth_month)
),

-- Spellings with the same month stay one child; one without a month cannot be told to be any of them.
own_clients as (
    select
        spellings.client_key,
        spellings.client_exact_key,
        case
            when spellings.birth_month is null then spellings.client_exact_key
            else min(spellings.client_exact_key) over (partition by spellings.client_key, spellings.birth_month)
        end as own_client_key
    from spellings
    inner join clients_apart
        on spellings.client_key = clients_apart.client_key
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
