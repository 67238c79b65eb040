{{ stage_return(
    'annex_a_child_in_need', source('raw', 'annex_a_child_in_need'),
    fields=ref('return_field'), codes=ref('code'), spellings=ref('value_spelling')
) }}
