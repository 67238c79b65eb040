"""Every target counted again from the written files, with plain Python and nothing of the code that drew them.

`python -m synthetic.returns.check [folder]` prints one line per figure and ends with 1 if one does not come out.
`events` reads the files, `national` counts what the national returns give, `local` what the local extracts give,
`figures` puts them together and holds them against the print. Of the generator only `targets` may be imported.

The bases the document leaves open:

- rates: events or children per 10,000 of the 64,978 children; flows of a year ending 31 March, stocks on that day
- a case that was closed without further action is a referral, but nobody in need
- children in need who offended: in need and not on a plan on the day (or they could not be fewer than those on a plan)
- the "local collection" of risks: all factors but abuse and neglect (16A to 19A)
- the local referral log: calendar 2015, and 1 January to 18 November 2016
- January 2017: any day of the month, none of the counts changes in it
- care status of missing episodes: over the episodes with a known duration
- police: mean of the reporting years 2013 to 2016; high and medium risk from June 2012 on
"""
