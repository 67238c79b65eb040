{{ stage_return(
    'cin_referral', source('raw', 'cin_referral'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling'), is_nested=true
) }}
