with

accepted_forms as (
    select * from {{ ref('int_form_accepted') }}
),

-- Days on which a case of a client begins and something else of the client happens. Few clients have one, so the rest
-- looks only at those.
days_of_two_kinds as (
    select
        service_code,
        client_key,
        event_date
    from accepted_forms
    group by service_code, client_key, event_date
    having bool_or(form_id = 'intake') and bool_or(form_id != 'intake')
),

clients as (
    select distinct
        service_code,
        client_key
    from days_of_two_kinds
),

forms_by_day as (
    select
        accepted_forms.service_code,
        accepted_forms.client_key,
        accepted_forms.event_date,
        count(*) filter (where accepted_forms.form_id = 'exit') as exits,
        count(*) filter (where accepted_forms.form_id = 'intake')
        - count(*) filter (where accepted_forms.form_id = 'exit') as change
    from accepted_forms
    inner join clients
        on
            accepted_forms.service_code = clients.service_code
            and accepted_forms.client_key = clients.client_key
    group by accepted_forms.service_code, accepted_forms.client_key, accepted_forms.event_date
),

balances as (
    select
        *,
        sum(change) over by_day as balance
    from forms_by_day
    window by_day as (partition by service_code, client_key order by event_date)
),

-- A closure without an intake opens nothing and must not close a later case, so the number of open cases never falls
-- below none: what the balance has ever lacked is added to it.
open_cases as (
    select
        *,
        balance - least(0, min(balance) over by_day) as open_that_evening
    from balances
    window by_day as (partition by service_code, client_key order by event_date)
),

mornings as (
    select
        *,
        coalesce(lag(open_that_evening) over by_day, 0) as open_that_morning
    from open_cases
    window by_day as (partition by service_code, client_key order by event_date)
),

client_days as (
    select
        mornings.service_code,
        mornings.client_key,
        mornings.event_date,
        mornings.open_that_morning > 0 as was_open,
        mornings.exits > mornings.open_that_morning as is_closed_same_day
    from mornings
    inner join days_of_two_kinds
        on
            mornings.service_code = days_of_two_kinds.service_code
            and mornings.client_key = days_of_two_kinds.client_key
            and mornings.event_date = days_of_two_kinds.event_date
)

select * from client_days
