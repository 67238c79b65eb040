"""The needs assessment chapter: the indicators of an authority's returns beside England and its neighbours.

    layout                                what stands in which part of the chapter, as data
    area, series, cells                   one authority and its figures; which of them make a line; their cells
    indicator_sections, analyses          the section of one indicator; tables and charts of the other marts
    referral_to_plan, open_questions      four steps of one year; what the published document left open
    findings, chapter                     sentences drawn from the figures by rule; the order of all of it

Belongs here: what the report of the returns says, in which order. Does not: how a table or chart looks (`document`,
`charts`), how a number is printed (`numbers`), the report of the forms (`forms_report`). Nothing here knows an area.
"""
