"""The release: its tables built beside the last one, filled by `reporting`, sealed, and switched to in one step.

Here belongs what may be published and how it comes to be: the state of the tables, the verdicts of the gates over it,
the files of a release, whether a run would make the same release again. What stands in the documents belongs to
`reporting`.
"""
