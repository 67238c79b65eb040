{#
code: SC306
records: [cin_plan_review]
severity: set_aside_record
says: Every review lies within its plan.
then: The review is set aside. Check its day and those of the plan.
dfe: [cin 8841 (part)]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-12-01}
  - cin_plan_review: {review_date: 2015-12-01}
breaks:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-12-01}
  - cin_plan_review: {review_date: 2015-12-02}
#}
{% macro sc306(latest, landed) -%}
select
    'cin_plan_review' as record_id,
    review.landed_row_id,
    null as field_id
from {{ latest.cin_plan_review }} as review
inner join {{ landed.cin_protection_plan }} as plan on review.parent_row_id = plan.landed_row_id
where
    review.review_date < plan.start_date
    or (review.review_date > plan.end_date and plan.end_date >= plan.start_date)
{%- endmacro %}
