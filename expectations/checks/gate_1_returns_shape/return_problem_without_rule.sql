-- table: intermediate.int_returns_problem
-- severity: blocking
-- says: Every problem of a record belongs to a rule, so that none passes unseen.
-- then: Nothing is published: the models of the rules and the list of rules disagree, a fault of the program.

select
    record_id as form_id,
    landed_row_id
from intermediate.int_returns_problem
where rule_code is null or rule_code not in (select rule.rule_code from reference.validation_rule as rule)
