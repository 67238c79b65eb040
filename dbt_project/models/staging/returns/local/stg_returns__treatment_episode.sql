{{ stage_return(
    'treatment_episode', source('raw', 'treatment_episode'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
