{{ stage_return(
    'early_help_assessment', source('raw', 'early_help_assessment'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
