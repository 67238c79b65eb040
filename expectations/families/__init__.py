"""Checks derived from the catalogue, a module for each family.

Here belongs a check that the catalogue repeats for each question, form, record or rule: the module makes as many as
there are, and one more when a seed grows. A check that is there once is a file of `expectations/checks`.
"""
