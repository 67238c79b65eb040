"""What stands in the cells of words: topic, line and group of a figure, so that no two in a file have one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reporting.figures import Figure
from reporting.open_data.columns import kind_of
from reporting.open_data.ees import TOTAL, plain
from reporting.open_data.lines import Line
from reporting.open_data.titles import words

# What a topic is known by: theme, source, indicator, and the unit where it has to be named.
TopicKey = tuple[str, str, str, str]


def topic_key(figure: Figure) -> TopicKey:
    """What `topic_names` knows the topic of a figure by."""
    return figure.theme, figure.source, figure.indicator_id, _named_unit(figure)


def topic_names(lines: Sequence[Line]) -> dict[TopicKey, str]:
    """Names of topics: the title, with more where another topic beside it has the same.

    The unit is named where a column cannot name it.
    """
    topics = sorted({(*topic_key(line.figure), line.title, line.subsection) for line in lines})
    names = {topic: plain(topic[4] or words(topic[2])) for topic in topics}
    names = {topic: f"{name} ({plain(topic[3])})" if topic[3] else name for topic, name in names.items()}
    for place, form in ((5, "{0}: {1}"), (2, "{1} [{0}]")):
        counted = Counter((_family(topic), name) for topic, name in names.items())
        names = {
            topic: form.format(plain(topic[place]), name)
            if topic[place] and counted[_family(topic), name] > 1
            else name
            for topic, name in names.items()
        }
    return {topic[:4]: name for topic, name in names.items()}


def label_of(figure: Figure) -> str:
    """The label of a line, with the unit of a mean or median where neither it nor the topic says it."""
    label, unit = plain(figure.row_label), figure.unit
    if figure.statistic not in {"mean", "median"} or not unit or _named_unit(figure):
        return label
    return label if unit.rstrip("s").lower() in label.lower() else f"{label} ({plain(unit)})"


def group_of(figure: Figure) -> str:
    """The group of children that a figure is about; Total for everybody. Those of the returns are names, not labels."""
    if figure.breakdown == "total":
        return TOTAL
    return plain(figure.breakdown_value if figure.theme == "insights" else figure.breakdown_value.replace("_", " "))


def _family(topic: tuple[str, ...]) -> tuple[str, str]:
    """Topics of one family stand in one file: analyses of the returns do, whichever mart they come from."""
    theme, source = topic[:2]
    return theme, source if theme == "insights" or source == "indicator_value" else "analyses"


def _named_unit(figure: Figure) -> str:
    """The unit where the name of the topic has to say it: those of the returns differ from topic to topic."""
    if figure.theme == "insights" and kind_of(figure) != "other":
        return ""
    return "" if figure.unit in {"%", "count"} else figure.unit
