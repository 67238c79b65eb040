{{ stage_return(
    'young_carer', source('raw', 'young_carer'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
