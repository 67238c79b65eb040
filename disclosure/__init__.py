"""Disclosure control: what is printed in place of every count of children, and the proof that nobody can be told by it.

Here belongs arithmetic: counts and the relations between them (`system`), what is printed of them (`rounding`,
`settle`), what somebody who holds all of it can conclude (`audit`, `program`), and what the counts of the forms
(`forms`) and of the returns (`returns`) have to do with each other. The dbt models `int_disclosure_*` bring the rows
and take the decisions.

Here does not belong: reading a table or a file, words for readers, and what becomes of a figure whose count is not
printed (`marts.published_value` says that). Of the other folders only `catalogue` may be imported.
"""
