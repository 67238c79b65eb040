{{ stage_return(
    'early_help_attendance', source('raw', 'early_help_attendance'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
