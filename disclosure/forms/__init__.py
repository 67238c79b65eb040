"""The counts of the forms: their names (`counts`), what the catalogue says of them (`questionnaire`), what readers know
of the counts of one year (`relations`), and what is printed of every year (`years`). How that is decided is said in
`disclosure.settle`; nothing here belongs to the returns (`disclosure.returns`).
"""
