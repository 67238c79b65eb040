{{ stage_return(
    'missing_episode', source('raw', 'missing_episode'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
