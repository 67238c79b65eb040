"""The letters of a chart: charts place their labels by them, and the SVG of a chart is written in them."""

FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
# Height of a line of a text that breaks, in pixels.
LINE = 16
