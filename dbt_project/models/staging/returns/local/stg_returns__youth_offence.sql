{{ stage_return(
    'youth_offence', source('raw', 'youth_offence'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
