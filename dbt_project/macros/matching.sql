{#
    Pairs the forms of a client that are each other's choice: the exit chooses the latest intake on or before its
    closure, the intake the first closure on or after it. Forms that carry different case references are never paired,
    whatever their dates say. `intakes` and `exits` are relations of accepted forms that are still without a partner.
#}
{% macro next_closure_pairs(intakes, exits) -%}
    select
        exit_landed_row_id,
        intake_landed_row_id
    from (
        select
            exits.landed_row_id as exit_landed_row_id,
            intakes.landed_row_id as intake_landed_row_id,
            row_number() over (
                partition by exits.landed_row_id
                order by intakes.event_date desc, intakes.form_key asc
            ) as exit_place,
            row_number() over (
                partition by intakes.landed_row_id
                order by exits.event_date, exits.form_key
            ) as intake_place
        from {{ exits }} as exits
        inner join {{ intakes }} as intakes
            on
                exits.service_code = intakes.service_code
                and exits.client_key = intakes.client_key
                and intakes.event_date <= exits.event_date
        where exits.case_key = intakes.case_key or exits.case_key is null or intakes.case_key is null
    ) as choices
    where exit_place = 1 and intake_place = 1
{%- endmacro %}
