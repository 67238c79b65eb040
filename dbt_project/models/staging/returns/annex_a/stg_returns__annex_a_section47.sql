{{ stage_return(
    'annex_a_section47', source('raw', 'annex_a_section47'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
