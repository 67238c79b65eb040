{{ indicator_trends(
    ref('int_published_returns'), ref('social_care_measure'), ref('social_care_indicator'), ref('social_care_indicator_line')
) }}
