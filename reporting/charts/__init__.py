"""Charts: from plain rows of figures to Vega-Lite specifications, one module a kind of chart.

A kind takes rows and returns a `Drawing`: a specification with its data inside, and sentences that say what there is
to see. A hidden figure is never drawn as 0: it has no mark, and its symbol stands where the mark would stand. No chart
rests on colour alone: every bar, line and ribbon is labelled where it stands, and series differ in shape or dash
besides. Colours of lines and text have a contrast of at least 4.5 : 1 on white, areas of at least 3 : 1 or a dark edge.

    look, texts     colours and sizes; how wide a text is, how a number on a chart is written
    canvas, frame   layers in pixels; the plots that kinds share: an axis, labels beside it
    drawing, words  what a kind is given and gives back; the sentences of its text alternative
    bars, grouped_bars, histogram, lines, curves, steps, flow, upset
    tile_map        drawn by no output yet: it waits for the report that tells of services by region

Belongs here: how figures look. Does not: which figures are drawn (the folders that have them), how a specification
becomes SVG (`document/chart_svg.py`). May import `document`, since a drawing becomes a block of one; `document` does
not know `charts`.
"""
