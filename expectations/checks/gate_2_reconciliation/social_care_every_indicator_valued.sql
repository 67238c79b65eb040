-- table: marts.indicator_value
-- severity: blocking
-- blocks for: the publication on returns
-- says: Every indicator that records or a model can give has a value.
-- then: Nothing is published; the last release stays in place.
-- otherwise: Recorded for comparison only: these data are not the ones the publication was made from.

select indicator_id as key
from reference.social_care_indicator
where
    computable in ('yes', 'model')
    -- It is a judgement of the authority that a publication is about; others deliver what they have.
    and exists (
        select la_code from marts.dim_authority
        where has_publication
    )
    and indicator_id not in (
        select value.indicator_id
        from marts.indicator_value as value
        where value.theme = 'social_care' and value.geography_level = 'authority' and value.value is not null
    )
