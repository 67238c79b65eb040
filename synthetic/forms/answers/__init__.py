"""Answers, drawn so that every published margin holds: a module for each type of answer.

`margins` says which forms a published figure counts; `single`, `matrix`, `tick_all` and `number` draw the questions of
their type, `birth_dates` what ages follow from. In which order questions are drawn is `synthetic.forms.drawing`'s
business, how whole numbers are found that keep margins is `synthetic.forms.solver`'s.
"""
