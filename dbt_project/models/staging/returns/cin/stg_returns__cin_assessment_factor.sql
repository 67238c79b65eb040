{{ stage_return(
    'cin_assessment_factor', source('raw', 'cin_assessment_factor'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling'), is_nested=true
) }}
