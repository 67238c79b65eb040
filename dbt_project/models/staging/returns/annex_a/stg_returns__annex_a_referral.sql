{{ stage_return(
    'annex_a_referral', source('raw', 'annex_a_referral'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
