{{ stage_return(
    'cin_section47', source('raw', 'cin_section47'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling'), is_nested=true
) }}
