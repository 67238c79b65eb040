{{ stage_return(
    's903_header', source('raw', 's903_header'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
