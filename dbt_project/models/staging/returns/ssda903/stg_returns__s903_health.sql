{{ stage_return(
    's903_health', source('raw', 's903_health'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
