-- table: marts.indicator_value
-- severity: blocking
-- blocks for: the sample of returns
-- says: Every indicator that records or a model can give has a value.
-- then: Nothing is published; the last release stays in place.
-- otherwise: Recorded for comparison only: these data are not the ones that stand for the document's.

select indicator_id as key
from reference.social_care_indicator
where
    computable in ('yes', 'model')
    and indicator_id not in (
        select value.indicator_id
        from marts.indicator_value as value
        where value.theme = 'social_care' and value.geography_level = 'authority' and value.value is not null
    )
