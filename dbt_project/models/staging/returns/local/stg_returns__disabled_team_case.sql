{{ stage_return(
    'disabled_team_case', source('raw', 'disabled_team_case'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
