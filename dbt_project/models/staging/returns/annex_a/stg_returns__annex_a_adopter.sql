{{ stage_return(
    'annex_a_adopter', source('raw', 'annex_a_adopter'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
