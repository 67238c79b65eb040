{{ stage_return(
    'cin_assessment', source('raw', 'cin_assessment'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling'), is_nested=true
) }}
