"""The forms: which of their counts there are, what readers know between them, and the decision about every year.

`counts` names the counts, `questionnaire` is what the catalogue's rows say of questions and cohorts, `relations` makes
one system of a year, `years` decides. Nothing here belongs to the returns (`disclosure.returns`) or knows how counts
are hidden (`disclosure.protect`).
"""
