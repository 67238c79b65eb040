"""Disclosure control: which counts of children the public may see, and the proof that the rest stay hidden.

Here belongs arithmetic: counts and the relations between them (`system`), which of them to hide (`protect`), and what
the counts of the forms (`forms`) and of the returns (`returns`) have to do with each other. The dbt models
`int_disclosure_*` bring the rows and take the decisions.

Here does not belong: reading a table or a file, words for readers, and what becomes of a figure whose count is hidden
(`marts.published_value` says that). Of the other folders only `catalogue` may be imported.
"""
