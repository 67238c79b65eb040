{{ stage_return(
    's903_episode', source('raw', 's903_episode'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
