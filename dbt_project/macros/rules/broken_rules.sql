{#
    How the rules of the returns are read. A rule is one file, `<family>/<code>_<what>.sql`: at its head, in a comment
    of YAML, what it says and an example that keeps and one that breaks it (`tools/return_rules.py` says which fields
    there are); below it a macro called like its code, one plain select for the records that break it, as record_id,
    landed_row_id and field_id (NULL where the rule is about the whole record).

    The macro is given relations by kind of record: `latest.cin_referral` are the records that speak for their event,
    `landed.cin_referral` all that have landed in deliveries in force, for the record another one lies in. Rules of the family `value` are
    given `found` instead: what staging could not use of a value (record_id, landed_row_id, field_id, problem). Rules of
    the family `version` say what no record of an event may be, whatever else is known: they are asked of `landed` alone,
    before it is known which record speaks, and one that breaks them does not speak where an earlier one can. Those of
    the family `counted` are given as `latest` only what no other rule sets aside.
#}


{# The records that a rule sets aside, by what breaks the rules and by the seed of the rules. #}
{% macro records_set_aside(problems, rules) -%}
    select distinct problems.landed_row_id
    from {{ problems }} as problems
    inner join {{ rules }} as rules on problems.rule_code = rules.rule_code
    where rules.severity = 'set_aside_record'
{%- endmacro %}


{#
    A model of a family of rules: the rows that break them. `staged` are the staged relations by kind of record,
    `records` says which of their rows came in deliveries in force and, where `speaking`, which speak for their event;
    `rules` is the seed. What breaks a rule of the models `judged` that sets records aside, or lies in such a record, is
    left out of `latest`.
#}
{% macro rule_family(family, staged, records, rules, speaking=true, judged=[]) %}
{%- set latest, landed = {}, {} %}
with

{% if judged -%}
set_aside as (
    {{ records_set_aside('(' ~ union_by_name(judged) ~ ')', rules) }}
),

{% endif -%}
{% for record_id, relation in staged.items() -%}
{%- do latest.update({record_id: record_id}) -%}
{%- do landed.update({record_id: record_id ~ '_in_force'}) -%}
{{ record_id }}_in_force as (
    {{ records_in_force(relation, records) }}
),

{% if speaking -%}
{{ record_id }} as (
    {{ latest_records(relation, records, 'set_aside' if judged else none) }}
),

{% endif -%}
{% endfor -%}
broken as (
    {{ broken_rules(family, rules, [latest, landed] if speaking else [landed]) }}
)

select
    rule_code,
    record_id,
    landed_row_id,
    field_id
from broken
{% endmacro %}


{# The rows that break the rules of a family, one after another: `rules` is the seed that lists them. #}
{% macro broken_rules(family, rules, given) -%}
{#- While dbt parses nothing can be asked, so there are no rules then. -#}
{%- if not execute %}
    select
        null::varchar as rule_code,
        null::varchar as record_id,
        null::bigint as landed_row_id,
        null::varchar as field_id
    where false
{%- else %}
{%- for code in rule_codes(family, rules) %}
    select distinct
        '{{ code }}' as rule_code,
        record_id,
        landed_row_id,
        field_id::varchar as field_id
    from (
        {{ context[code | lower](*given) | indent(8) }}
    ) as broken_{{ code | lower }}
    {{ 'union all' if not loop.last }}
{%- endfor %}
{%- endif %}
{%- endmacro %}


{# The codes of a family in order. #}
{% macro rule_codes(family, rules) -%}
    {%- set query -%}
        select rule_code from {{ rules.render() }} where family = '{{ family }}' order by rule_code
    {%- endset -%}
    {{ return(catalogue_rows(query) | map(attribute='rule_code') | list) }}
{%- endmacro %}
