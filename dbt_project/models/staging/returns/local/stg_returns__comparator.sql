{{ stage_return(
    'comparator', source('raw', 'comparator'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
