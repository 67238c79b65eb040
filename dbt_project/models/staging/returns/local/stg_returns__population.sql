{{ stage_return(
    'population', source('raw', 'population'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
