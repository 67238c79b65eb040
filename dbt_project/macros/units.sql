{# A value in another unit. Only units of time are converted, and only where one is a fixed number of the other
   (12 months to a year, 7 days to a week); days and months have no fixed ratio, so that gives null rather than a guess.
   Any other name of a unit is only a wording ("contacts", "direct contacts"): the value stays as it is. #}
{% macro in_unit(value, from_unit, to_unit) -%}
    case
        when {{ from_unit }} = 'months' and {{ to_unit }} = 'years' then {{ value }} / 12.0
        when {{ from_unit }} = 'years' and {{ to_unit }} = 'months' then {{ value }} * 12.0
        when {{ from_unit }} = 'days' and {{ to_unit }} = 'weeks' then {{ value }} / 7.0
        when {{ from_unit }} = 'weeks' and {{ to_unit }} = 'days' then {{ value }} * 7.0
        when
            {{ from_unit }} <> {{ to_unit }}
            and {{ from_unit }} in ('days', 'weeks', 'months', 'years')
            and {{ to_unit }} in ('days', 'weeks', 'months', 'years')
            then null
        else {{ value }}
    end
{%- endmacro %}
