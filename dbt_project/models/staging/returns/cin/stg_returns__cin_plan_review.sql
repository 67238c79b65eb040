{{ stage_return(
    'cin_plan_review', source('raw', 'cin_plan_review'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling'), is_nested=true
) }}
