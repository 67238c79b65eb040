{{ stage_return(
    'police_person', source('raw', 'police_person'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
