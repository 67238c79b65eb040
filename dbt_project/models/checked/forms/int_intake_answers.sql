{{ config(materialized='view') }}
{{ kept_answers('intake') }}
