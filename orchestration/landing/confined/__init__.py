"""The reading process: whatever parses a delivered file does so in a process of its own, under limits.

A file can ask a parser for more memory or time than there is, or make it break off; then that process ends, the file is
refused by name, and the run goes on with a new one. It knows the catalogue and no key, reads the private copy of one
file at a time, and opens nothing else.

`channel` is what the two processes say to each other, `child` what the reading process runs, `readers` the side of the
run. Here does not belong how a file is read: that is for `forms`, `returns` and `tabular`.
"""
