{{ config(incremental_strategy='delete+insert', unique_key='landed_row_id') }}
{{ stage_form(source('raw', 'insights_review'), catalogue_questions(
    'review', forms=ref('form'), questions=ref('question'), options=ref('option')
)) }}
