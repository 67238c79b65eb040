{{ service_comparisons(ref('int_published_forms')) }}
