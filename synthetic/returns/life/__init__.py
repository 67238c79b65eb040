"""Life courses: referrals, assessments, enquiries, conferences, plans and care, drawn year by year to fixed numbers.

`courses` draws everybody: `script` says which referrals a year has and what they lead to, `plans`, `care` and `cases`
begin, lengthen and end what its name says, `draws` has the small draws. The numbers are those of
`synthetic.returns.counts`; what is known of children besides events (`particulars`, `factors`) is drawn afterwards.
"""
