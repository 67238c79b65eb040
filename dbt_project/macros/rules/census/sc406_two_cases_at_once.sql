{#
code: SC406
records: [cin_referral]
severity: note
says: A child has one open case at a time.
then: Both are used; the child counts once on any day. Close the earlier case.
dfe: [cin 8815, cin 8816, cin 8820]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_referral: {referral_date: 2015-12-01}
breaks:
  - cin_child
  - cin_referral
  - cin_referral: {referral_date: 2015-12-01}
#}
{% macro sc406(latest, landed) -%}
select
    'cin_referral' as record_id,
    referral.landed_row_id,
    null as field_id
from {{ latest.cin_referral }} as referral
inner join {{ latest.cin_referral }} as earlier
    on
        referral.la_code = earlier.la_code
        and referral.child_key = earlier.child_key
        and referral.referral_date > earlier.referral_date
where
    coalesce(referral.referral_date < coalesce(earlier.closure_date, earlier.absent_from), true)
    and not coalesce(referral.is_no_further_action, false)
    and not coalesce(earlier.is_no_further_action, false)
{%- endmacro %}
