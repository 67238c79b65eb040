{{ stage_return(
    'school_census_pupil', source('raw', 'school_census_pupil'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
