{{ stage_return(
    'annex_a_looked_after', source('raw', 'annex_a_looked_after'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
