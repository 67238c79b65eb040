{{ stage_return(
    's903_uasc', source('raw', 's903_uasc'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
