{{ stage_return(
    'cin_disability', source('raw', 'cin_disability'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling'), is_nested=true
) }}
