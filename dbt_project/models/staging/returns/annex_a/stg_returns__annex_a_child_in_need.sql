-- depends_on: {{ ref('return_field') }}
-- depends_on: {{ ref('code') }}
-- depends_on: {{ ref('value_spelling') }}
{{ stage_return('annex_a_child_in_need') }}
