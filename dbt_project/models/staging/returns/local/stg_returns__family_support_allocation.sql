{{ stage_return(
    'family_support_allocation', source('raw', 'family_support_allocation'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
