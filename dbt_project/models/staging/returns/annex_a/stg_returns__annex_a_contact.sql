{{ stage_return(
    'annex_a_contact', source('raw', 'annex_a_contact'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
