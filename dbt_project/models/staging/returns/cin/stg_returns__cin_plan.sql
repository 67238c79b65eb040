{{ stage_return(
    'cin_plan', source('raw', 'cin_plan'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling'), is_nested=true
) }}
