"""Landing of what authorities send: the census in XML, looked-after returns, Annex A workbooks, local extracts.

Here belongs which return a file is (`recognise`), one reader for each format (`reader` says what they share), and how
records are stored (`writer`, `values`). Here does not belong the opening of tables (see `tabular`), nor what every file
has in common: hash, transaction, ledger (see `dispatch`).
"""
