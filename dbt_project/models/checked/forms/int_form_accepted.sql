with

dispositions as (
    select * from {{ ref('int_form_disposition') }}
),

forms_not_asked as (
    select * from {{ ref('int_form_not_asked') }}
),

accepted_forms as (
    select
        form_id,
        landed_row_id,
        submission_key as form_key,
        service_code,
        client_key,
        case_key,
        event_date,
        reporting_year,
        edited_at,
        birth_month,
        postcode_sector
    from dispositions
    where disposition = 'accepted'
),

-- Few clients have several forms of one kind, so the costly ordering looks only at those.
clients_with_several_forms as (
    select
        form_id,
        client_key
    from accepted_forms
    group by form_id, client_key
    having count(*) > 1
),

forms_of_these as (
    select accepted_forms.*
    from accepted_forms
    inner join clients_with_several_forms
        on
            accepted_forms.form_id = clients_with_several_forms.form_id
            and accepted_forms.client_key = clients_with_several_forms.client_key
),

forms_with_answers as (
    {% for form_id in ['intake', 'review', 'exit'] %}
    select
        forms_of_these.*,
        {{ list_sorted_distinct('staged.answers') }} as answers,
        staged.numbers
    from forms_of_these
    inner join {{ ref('stg_forms__' ~ form_id) }} as staged
        on forms_of_these.landed_row_id = staged.landed_row_id
    where forms_of_these.form_id = '{{ form_id }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- The latest form speaks for the client: by its date, then by its last edit. Of two that have both in common the
-- answers decide, in the order of the catalogue, which is told (is_tied). Forms that are alike in all that figures are
-- made of give the same figures, so the key, which only names one, ends the order.
ordered_forms as (
    select
        forms_with_answers.landed_row_id,
        forms_with_answers.form_id,
        forms_with_answers.client_key,
        forms_with_answers.reporting_year,
        row_number() over (
            partition by forms_with_answers.form_id, forms_with_answers.client_key
            order by
                forms_with_answers.event_date,
                forms_with_answers.edited_at nulls first,
                forms_with_answers.answers,
                forms_with_answers.numbers,
                forms_with_answers.birth_month nulls first,
                forms_with_answers.postcode_sector nulls first,
                forms_not_asked.question_nos nulls first,
                forms_with_answers.form_key
        ) as client_place,
        min({{ row_of(['forms_with_answers.answers', 'forms_with_answers.numbers']) }}) over same_moment
        != max({{ row_of(['forms_with_answers.answers', 'forms_with_answers.numbers']) }}) over same_moment as is_tied
    from forms_with_answers
    left join forms_not_asked
        on forms_with_answers.landed_row_id = forms_not_asked.landed_row_id
    window same_moment as (
        partition by
            forms_with_answers.form_id,
            forms_with_answers.client_key,
            forms_with_answers.event_date,
            forms_with_answers.edited_at
    )
),

ranked_forms as (
    select
        *,
        client_place = max(client_place) over (partition by form_id, client_key, reporting_year) as is_client_record
    from ordered_forms
),

marked_forms as (
    select
        accepted_forms.form_id,
        accepted_forms.landed_row_id,
        accepted_forms.form_key,
        accepted_forms.service_code,
        accepted_forms.client_key,
        accepted_forms.case_key,
        accepted_forms.event_date,
        accepted_forms.reporting_year,
        accepted_forms.edited_at,
        accepted_forms.birth_month,
        accepted_forms.postcode_sector,
        coalesce(ranked_forms.is_client_record, true) as is_client_record,
        coalesce(ranked_forms.client_place, 1) as client_place,
        coalesce(ranked_forms.is_tied, false) as is_tied,
        forms_not_asked.question_nos as not_asked
    from accepted_forms
    left join ranked_forms
        on accepted_forms.landed_row_id = ranked_forms.landed_row_id
    left join forms_not_asked
        on accepted_forms.landed_row_id = forms_not_asked.landed_row_id
)

select * from marked_forms
