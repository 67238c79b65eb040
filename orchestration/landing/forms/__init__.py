"""Landing of what services send: forms exported by a portal, and lists of clients whose data has to go.

Here belongs which header row is which form (`recognise`), what is stored of a record (`land`), which records did not
arrive (`arrival`), and what an erasure list does (`erasure`). Here does not belong how a file is opened and copied (see
`tabular`), nor what every file has in common: hash, transaction, ledger (see `dispatch`).
"""
