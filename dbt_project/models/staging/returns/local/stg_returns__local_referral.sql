{{ stage_return(
    'local_referral', source('raw', 'local_referral'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
