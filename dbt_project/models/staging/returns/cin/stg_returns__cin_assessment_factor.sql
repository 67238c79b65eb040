-- depends_on: {{ ref('return_field') }}
-- depends_on: {{ ref('code') }}
-- depends_on: {{ ref('value_spelling') }}
{{ stage_return('cin_assessment_factor', is_nested=true) }}
