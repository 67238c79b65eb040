{{ stage_return(
    'annex_a_early_help', source('raw', 'annex_a_early_help'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
