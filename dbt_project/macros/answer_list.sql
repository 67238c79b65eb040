{# Whether a list holds any of a few wanted items; a null list holds none. Each wanted item is looked for by itself: the
   function that intersects two lists hashes the long one anew for every row and takes twenty-five times as long. #}
{% macro has_any_item(list, few_wanted) -%}
    coalesce(len(list_filter({{ few_wanted }}, lambda wanted: list_contains({{ list }}, wanted))) > 0, false)
{%- endmacro %}

{# Sum, over a list of structs with a whole number `bit`, of the bits whose condition holds (written with `rule.`). #}
{% macro sum_of_bits(rules, condition) -%}
    cast(
        coalesce(
            list_sum(list_transform({{ rules }}, lambda rule: case when {{ condition }} then rule.bit else 0 end)), 0
        ) as integer
    )
{%- endmacro %}

{# Whether a whole number holds a bit (1, 2, 4, 8, ...). #}
{% macro has_bit(number, bit) -%}
    ({{ number }} & {{ bit }}) <> 0
{%- endmacro %}

{# Whether a `;` separated list, as the catalogue writes them, names a value. The separators around both sides keep
   `no` from being found in `not_disclosed`; no pattern is used, because codes hold underscores. #}
{% macro in_code_list(codes, code) -%}
    contains(';' || {{ codes }} || ';', ';' || {{ code }} || ';')
{%- endmacro %}

{# The items of a list as one text, in ascending order, and the numbers of such a text, a row each. #}
{% macro joined_items(list) -%}
    array_to_string(list_sort({{ list }}), ',')
{%- endmacro %}

{% macro each_joined_number(text) -%}
    cast(unnest(string_split({{ text }}, ',')) as integer)
{%- endmacro %}

{# Whether such a text has a number; a text that is NULL has none. #}
{% macro in_joined_numbers(text, number) -%}
    coalesce(contains(',' || {{ text }} || ',', ',' || {{ number }} || ','), false)
{%- endmacro %}

{# The texts of a group, joined in a stated order. #}
{% macro joined_text(text, separator, ordering) -%}
    string_agg({{ text }}, '{{ separator }}' order by {{ ordering }})
{%- endmacro %}
