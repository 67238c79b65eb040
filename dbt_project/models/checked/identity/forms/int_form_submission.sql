{#- What makes one submission of two forms with one number; numbers that are written differently are one only of one
    client. -#}
{%- set agreeing_columns = [
    ['client_key', 'birth_month'],
    ['client_key', 'event_date'],
    ['birth_month', 'event_date', 'submission_exact_key'],
] -%}
with recursive

identities as (
    select * from {{ ref('int_form_identity') }}
),

{% for form_id in ['intake', 'review', 'exit'] -%}
{{ form_id }}_forms as (
    select
        '{{ form_id }}' as form_id,
        landed_row_id,
        submission_key,
        coalesce(submission_exact_key, submission_key) as submission_exact_key,
        client_key,
        birth_month,
        event_date
    from {{ ref('stg_forms__' ~ form_id) }}
    where not is_erased and submission_key is not null and client_key is not null
),

{% endfor -%}
all_forms as (
    select * from intake_forms
    union all
    select * from review_forms
    union all
    select * from exit_forms
),

forms_of_clients as (
    select
        all_forms.* exclude (client_key),
        coalesce(identities.client_key, all_forms.client_key) as client_key
    from all_forms
    left join identities on all_forms.landed_row_id = identities.landed_row_id
),

-- Few numbers come with several clients or months of birth, so all that is costly looks only at those.
doubtful_numbers as (
    select
        form_id,
        submission_key
    from forms_of_clients
    group by form_id, submission_key
    having min(client_key) != max(client_key) or min(birth_month) != max(birth_month)
),

doubtful_forms as (
    select
        forms_of_clients.*,
        dense_rank() over (
            order by
                forms_of_clients.form_id,
                forms_of_clients.submission_key,
                forms_of_clients.client_key,
                forms_of_clients.birth_month,
                forms_of_clients.event_date,
                forms_of_clients.submission_exact_key
        ) as node
    from forms_of_clients
    inner join doubtful_numbers
        on
            forms_of_clients.form_id = doubtful_numbers.form_id
            and forms_of_clients.submission_key = doubtful_numbers.submission_key
),

nodes as (
    select distinct
        node,
        form_id,
        submission_key,
        submission_exact_key,
        client_key,
        birth_month,
        event_date
    from doubtful_forms
),

-- A client corrects a date or a month of birth, a service an id: of client, month and day two have to agree. A month
-- that is not there agrees where the client does. Each branch joins by what agrees, so that a number that stands on
-- every form of a file costs no comparison of each with each.
agreeing as (
    {% for columns in agreeing_columns %}
    select
        one.node,
        other.node as other_node
    from nodes as one
    inner join nodes as other
        on
            one.form_id = other.form_id
            and one.submission_key = other.submission_key
            {% for column in columns %}
            and one.{{ column }} = other.{{ column }}
            {% endfor %}
    union distinct
    {% endfor %}
    select
        one.node,
        other.node as other_node
    from nodes as one
    inner join nodes as other
        on
            one.form_id = other.form_id
            and one.submission_key = other.submission_key
            and one.client_key = other.client_key
    where one.birth_month is null
),

-- The month that is not there agrees in both directions.
agreeing_both_ways as (
    select * from agreeing
    union distinct
    select
        other_node as node,
        node as other_node
    from agreeing
),

reached as (
    select
        node,
        node as first_node
    from nodes
    union distinct
    select
        agreeing_both_ways.other_node as node,
        reached.first_node
    from reached
    inner join agreeing_both_ways on reached.node = agreeing_both_ways.node
    where reached.first_node < agreeing_both_ways.other_node
),

groups as (
    select
        node,
        min(first_node) as first_node
    from reached
    group by node
),

grouped_forms as (
    select
        doubtful_forms.form_id,
        doubtful_forms.landed_row_id,
        doubtful_forms.submission_key,
        first_nodes.client_key,
        first_nodes.birth_month,
        first_nodes.event_date,
        first_nodes.submission_exact_key,
        groups.first_node
    from doubtful_forms
    inner join groups on doubtful_forms.node = groups.node
    inner join nodes as first_nodes on groups.first_node = first_nodes.node
),

numbers_apart as (
    select
        form_id,
        submission_key
    from grouped_forms
    group by form_id, submission_key
    having min(first_node) != max(first_node)
),

-- The key of each is made of the first that it holds, in the order of what it says: which arrived first is not asked.
forms_apart as (
    select
        grouped_forms.form_id,
        grouped_forms.landed_row_id,
        md5(
            concat_ws(
                chr(31),
                grouped_forms.submission_key,
                grouped_forms.client_key,
                coalesce(cast(grouped_forms.birth_month as varchar), ''),
                coalesce(cast(grouped_forms.event_date as varchar), ''),
                grouped_forms.submission_exact_key
            )
        ) as submission_key
    from grouped_forms
    inner join numbers_apart
        on
            grouped_forms.form_id = numbers_apart.form_id
            and grouped_forms.submission_key = numbers_apart.submission_key
)

select * from forms_apart
