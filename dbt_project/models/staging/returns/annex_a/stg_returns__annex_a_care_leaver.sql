{{ stage_return(
    'annex_a_care_leaver', source('raw', 'annex_a_care_leaver'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
