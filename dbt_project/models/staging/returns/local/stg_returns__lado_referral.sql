{{ stage_return(
    'lado_referral', source('raw', 'lado_referral'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
