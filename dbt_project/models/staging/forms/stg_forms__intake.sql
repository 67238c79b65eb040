{{ config(incremental_strategy='delete+insert', unique_key='landed_row_id') }}
-- depends_on: {{ ref('form') }}
-- depends_on: {{ ref('question') }}
-- depends_on: {{ ref('option') }}
-- depends_on: {{ ref('wording') }}
{{ stage_form('intake') }}
