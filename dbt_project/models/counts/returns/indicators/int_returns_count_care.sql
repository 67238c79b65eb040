-- depends_on: {{ ref('social_care_measure') }}
-- depends_on: {{ ref('social_care_indicator_line') }}
-- depends_on: {{ ref('child_on_31_march') }}
-- depends_on: {{ ref('fct_care_period') }}
-- depends_on: {{ ref('fct_looked_after_health') }}
-- depends_on: {{ ref('int_social_care_placement') }}
-- depends_on: {{ ref('int_social_care_unaccompanied') }}
-- depends_on: {{ ref('int_social_care_window') }}
{{ count_family('care') }}
