-- table: marts.published_value
-- severity: blocking
-- says: What both versions of a revised year tell together has been looked at.
-- then: Nothing is published; the last release stays in place. The end of the run says what was found. Once it has been
--     looked at, run again with the same --revise, --by and --reason, and accept it.
-- may be accepted: yes

-- The key holds what is printed: of other prints it is judged anew.
select
    concat_ws(
        '|', decided.period, left(md5(string_agg(
            concat_ws('=', decided.geography_code, decided.terms, coalesce(cast(decided.printed as varchar), 'c')),
            ',' order by decided.geography_code, decided.terms
        )), 12)
    ) as key
from intermediate.int_disclosure_count as decided
inner join intermediate.int_revision as revision on decided.period = revision.period
group by decided.period
