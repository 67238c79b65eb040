{{ config(materialized='view') }}
{{ kept_answers('exit') }}
