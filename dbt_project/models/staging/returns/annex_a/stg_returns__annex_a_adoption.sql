{{ stage_return(
    'annex_a_adoption', source('raw', 'annex_a_adoption'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
