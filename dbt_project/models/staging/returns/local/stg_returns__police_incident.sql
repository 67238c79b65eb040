{{ stage_return(
    'police_incident', source('raw', 'police_incident'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
