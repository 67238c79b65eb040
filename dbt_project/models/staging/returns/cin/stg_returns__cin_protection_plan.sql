{{ stage_return(
    'cin_protection_plan', source('raw', 'cin_protection_plan'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling'), is_nested=true
) }}
