"""What the product made of the same files, held against the reader's own: every difference by its place."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from tests.independent.counting import Counter, Figure, Key
from tests.independent.dispositions import Judged, Place, identify, judge
from tests.independent.product import query
from tests.independent.reader import Form, Reader

VALUES = """
    select indicator_id, period, if(breakdown = 'total', geography_code, breakdown || ': ' || breakdown_value) as place,
        coalesce(point, ''), row_order, coalesce(column_label, ''),
        coalesce(numerator, sum_of_values) as numerator, denominator, value, statistic
    from marts.indicator_value
    where theme = 'insights'
"""
CASES = """
    select leaving.source_file, leaving.source_row, came.source_file, came.source_row
    from marts.fct_case as pair
    inner join marts.fct_exit as exit_form on pair.exit_form_key = exit_form.form_key
    inner join marts.fct_intake as intake_form on pair.intake_form_key = intake_form.form_key
    inner join marts.form_disposition as leaving on exit_form.landed_row_id = leaving.landed_row_id
    inner join marts.form_disposition as came on intake_form.landed_row_id = came.landed_row_id
"""


class Comparison:
    """The two sides of one folder of exports."""

    def __init__(self, exports: Path, warehouse: Path) -> None:
        self.warehouse = warehouse
        self.reader = Reader(exports)
        self.forms: list[Form] = self.reader.forms()
        self.judged: Judged = judge(self.forms, self.reader.erased)
        self.counter = Counter(self.reader.catalogue, self.judged)
        self.compared: Tally[str] = Tally()

    def differences(self) -> dict[str, list[str]]:
        """By kind: a line for each place that is not the same.

        What is "given" is counted from the forms that the product accepted, of figures also from its pairs: so that one
        form judged otherwise does not hide whether clients, pairs and answers are told alike.
        """
        given = self.given()
        found = {
            "files": self.files(),
            "dispositions": self.dispositions(),
            "clients": self.clients(self.counter),
            "cases": self.cases(self.counter),
            "figures": self.figures(self.counter),
            "clients given": self.clients(given),
            "cases given": self.cases(given),
        }
        at = {form.place: form for form in self.forms}
        pairs = query(self.warehouse, CASES)
        given.pairs = {(file, row): at[of_file, of_row] for file, row, of_file, of_row in pairs}
        return {**found, "figures given": self.figures(given)}

    def given(self) -> Counter:
        """Our counting of the forms that the product accepted."""
        sql = "select source_file, source_row from marts.form_disposition where disposition = 'accepted'"
        places = set(query(self.warehouse, sql))
        accepted = [form for form in self.forms if form.place in places]
        clients, _ = identify(accepted)
        return Counter(self.reader.catalogue, replace(self.judged, accepted=accepted, clients=clients))

    def files(self) -> list[str]:
        sql = "select source_file from ops.load where status = 'refused'"
        theirs = {name for (name,) in query(self.warehouse, sql)}
        self.compared["files"] = len({form.file for form in self.forms}) + len(self.reader.refused)
        ours = set(self.reader.refused)
        return [f"{name}: refused by {'us' if name in ours else 'the product'} only" for name in sorted(ours ^ theirs)]

    def dispositions(self) -> list[str]:
        """By row; of rows that nothing tells apart, the tally of what became of them."""
        sql = "select source_file, source_row, disposition from marts.form_disposition"
        theirs = {(file, row): disposition for file, row, disposition in query(self.warehouse, sql)}
        nothing = {place for place in self.reader.blank if theirs.get(place) == "missing_key"}
        self.compared["dispositions"] = len(self.forms)
        groups: dict[Place, list[Place]] = defaultdict(list)
        for place, first in self.judged.twins.items():
            groups[first].append(place)
        found = [
            f"{place}: landed, and not read" for place in sorted(set(theirs) - nothing - set(self.judged.dispositions))
        ]
        for places in groups.values():
            own = Tally(self.judged.dispositions[place] for place in places)
            other = Tally(theirs.get(place, "not landed") for place in places)
            if own != other:
                said = " and ".join(f"{file}:{row}" for file, row in places)
                found.append(f"{said}: {' '.join((own - other).elements())} -> {' '.join((other - own).elements())}")
        return found

    def clients(self, counter: Counter) -> list[str]:
        """Clients as what can be told of them: service, forms of each kind, month of birth."""
        sql = "select service_code, intake_forms, review_forms, exit_forms, birth_month from marts.dim_client"
        theirs: Tally[object] = Tally(
            (service, intakes, reviews, exits, (born.year, born.month) if born else None)
            for service, intakes, reviews, exits, born in query(self.warehouse, sql)
        )
        forms: dict[object, list[Form]] = defaultdict(list)
        for form in counter.judged.accepted:
            forms[counter.judged.clients[form.place]].append(form)
        ours: Tally[object] = Tally()
        for own in forms.values():
            kinds = Tally(form.form for form in own)
            intakes = sorted((form.day, form.moment, form.place, form) for form in own if form.form == "intake")
            born = intakes[-1][3].born if intakes else None
            ours[own[0].service, kinds["intake"], kinds["review"], kinds["exit"], born] += 1
        self.compared["clients"] = self.compared["clients given"] = sum(ours.values())
        found = [f"{client} ours only" for client in (ours - theirs).elements()]
        return found + [f"{client} the product's only" for client in (theirs - ours).elements()]

    def cases(self, counter: Counter) -> list[str]:
        twins = self.judged.twins
        theirs: set[tuple[Place | None, Place | None]] = {
            (twins.get((file, row)), twins.get((of_file, of_row)))
            for file, row, of_file, of_row in query(self.warehouse, CASES)
        }
        ours: set[tuple[Place | None, Place | None]] = {
            (twins[leaving], twins[intake.place]) for leaving, intake in counter.pairs.items()
        }
        self.compared["cases"] = self.compared["cases given"] = len(ours)
        found = [
            f"exit {leaving} with intake {intake}: ours only" for leaving, intake in sorted(ours - theirs, key=str)
        ]
        other = sorted(theirs - ours, key=str)
        return found + [f"exit {leaving} with intake {intake}: the product's only" for leaving, intake in other]

    def figures(self, counter: Counter) -> list[str]:
        ours = counter.figures()
        theirs: dict[Key, Figure] = {}
        for table, year, place, point, row, column, numerator, n, value, statistic in query(self.warehouse, VALUES):
            average = value if statistic in ("mean", "median") else None
            theirs[table, year, place, point, row, column] = (numerator, n, average)
        self.compared["figures"] = self.compared["figures given"] = len(ours)
        found = []
        for key in sorted(set(ours) | set(theirs)):
            own, other = ours.get(key), theirs.get(key)
            if not _same(own, other):
                found.append(f"{' '.join(map(str, key))}: {own} -> {other}")
        return found


def _same(one: Figure | None, other: Figure | None) -> bool:
    """Equal; a row of nobody, or that nobody was asked, may have no numbers or be missing on either side."""
    if one is None or other is None:
        return not (one or other or (0, 0, None))[1]
    return all(
        a == b or (a is not None and b is not None and abs(a - b) < 1e-9) or not (one[1] or other[1])
        for a, b in zip(one, other, strict=True)
    )
