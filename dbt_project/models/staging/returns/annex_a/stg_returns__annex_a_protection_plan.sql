{{ stage_return(
    'annex_a_protection_plan', source('raw', 'annex_a_protection_plan'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
