{{ indicator_trends(
    ref('int_returns_value'), ref('social_care_measure'), ref('social_care_indicator'), ref('social_care_indicator_line')
) }}
