{{ stage_return(
    'service_count', source('raw', 'service_count'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
