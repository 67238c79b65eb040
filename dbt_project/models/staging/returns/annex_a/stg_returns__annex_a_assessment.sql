{{ stage_return(
    'annex_a_assessment', source('raw', 'annex_a_assessment'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
