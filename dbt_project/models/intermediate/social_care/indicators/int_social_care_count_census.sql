-- depends_on: {{ ref('social_care_measure') }}
-- depends_on: {{ ref('fct_referral') }}
-- depends_on: {{ ref('fct_assessment') }}
-- depends_on: {{ ref('fct_assessment_factor') }}
-- depends_on: {{ ref('fct_section47') }}
-- depends_on: {{ ref('fct_conference') }}
-- depends_on: {{ ref('int_social_care_plan') }}
-- depends_on: {{ ref('child_on_31_march') }}
-- depends_on: {{ ref('int_social_care_window') }}
{{ count_family('census') }}
