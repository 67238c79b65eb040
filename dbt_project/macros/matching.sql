{#
    Every exit beside every intake that may be its own: of one service and client, and not of two months of birth where
    both forms carry one. Each exit ranks its intakes (exit_place), each intake its exits (intake_place), best first.

    The exit's choice is the intake that was open that morning, the latest of them; one of the same day only where none
    was open. An intake's is the first closure after its day; one of the same day where no earlier case was left for it
    to close, or where none follows. Of forms of one day the one that speaks for the client comes first (client_place).

    Parameters: `intakes` and `exits` are relations of accepted forms, `days` is int_client_day, `also` is one more
    condition on the forms.
#}
{% macro ranked_choices(intakes, exits, days, also) -%}
    select
        exits.landed_row_id as exit_landed_row_id,
        intakes.landed_row_id as intake_landed_row_id,
        exits.event_date as closure_date,
        exits.client_place as exit_client_place,
        row_number() over (
            partition by exits.landed_row_id
            order by {{ intake_choice('exits', 'exit_day') }}
        ) as exit_place,
        row_number() over (
            partition by intakes.landed_row_id
            order by
                (exits.event_date = intakes.event_date) != coalesce(intake_day.is_closed_same_day, false),
                exits.event_date,
                exits.client_place desc
        ) as intake_place
    from {{ exits }} as exits
    inner join {{ intakes }} as intakes
        on
            exits.service_code = intakes.service_code
            and exits.client_key = intakes.client_key
    {{ join_client_day(days, 'exits', 'exit_day') }}
    {{ join_client_day(days, 'intakes', 'intake_day') }}
    where
        (exits.birth_month = intakes.birth_month) is not false
        and ({{ also }})
{%- endmacro %}


{# What happened to the client of a form on its day, where an intake and something else happened; else NULL. #}
{% macro join_client_day(days, forms, day) -%}
    left join {{ days }} as {{ day }}
        on
            {{ forms }}.service_code = {{ day }}.service_code
            and {{ forms }}.client_key = {{ day }}.client_key
            and {{ forms }}.event_date = {{ day }}.event_date
{%- endmacro %}


{#
    Which of several intakes an exit or a review belongs to, as columns of an order: those on or before its day first;
    of these the case that was open that morning before one that began that day, unless none was open; then the nearest.
#}
{% macro intake_choice(forms, day) -%}
    intakes.event_date <= {{ forms }}.event_date desc,
                (intakes.event_date = {{ forms }}.event_date) = coalesce({{ day }}.was_open, false),
                case when intakes.event_date <= {{ forms }}.event_date then intakes.event_date end desc,
                intakes.event_date,
                intakes.client_place desc
{%- endmacro %}


{#
    Pairs the forms of a client that are each other's first choice and in order. Forms that carry different case
    references are never paired, whatever their dates say. `intakes` and `exits` are relations of accepted forms that
    are still without a partner.
#}
{% macro next_closure_pairs(intakes, exits, days) -%}
    select
        exit_landed_row_id,
        intake_landed_row_id
    from (
        {{ ranked_choices(
            intakes, exits, days,
            'intakes.event_date <= exits.event_date '
            ~ 'and (exits.case_key = intakes.case_key or exits.case_key is null or intakes.case_key is null)'
        ) }}
    ) as choices
    where exit_place = 1 and intake_place = 1
{%- endmacro %}
