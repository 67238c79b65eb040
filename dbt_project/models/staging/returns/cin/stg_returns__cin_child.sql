{{ stage_return(
    'cin_child', source('raw', 'cin_child'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
