{{ config(materialized='view') }}
{{ kept_answers('review') }}
