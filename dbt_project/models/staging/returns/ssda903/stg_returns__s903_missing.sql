{{ stage_return(
    's903_missing', source('raw', 's903_missing'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
