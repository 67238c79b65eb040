"""Missing and absent episodes, April 2012 to October 2016."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from synthetic.returns.counts import MISSING_PART, MISSING_YEARS
from synthetic.returns.life.courses import Life
from synthetic.returns.model import Child, MissingEpisode, year_end, year_start

Span = tuple[date, date]
COLUMNS = [
    "episode_id",
    "child_id",
    "started_at",
    "ended_at",
    "missing_class",
    "notified_by",
    "reported_on",
    "is_vulnerable",
    "interview_offered_on",
    "interview_done_on",
]
# Whole days by band: first and last, elapsed time and calendar days agree because the end is later in the day.
BANDS = {
    "under_1": (0, 0),
    "1": (1, 1),
    "2_3": (2, 3),
    "4_8": (4, 8),
    "9_14": (9, 14),
    "15_28": (15, 28),
    "over_28": (29, 60),
}


@dataclass
class Runaway:
    """A child with the days on which an episode can begin, and how many do."""

    child: Child
    span: Span
    kind: str  # residential, care, home
    episodes: int = 1


def care_spans(child: Child, first: date, last: date, residential: bool) -> list[Span]:
    """Days within a window on which a child of eleven or more was in a children's home, or in other care."""
    spans = []
    for period in child.care:
        if period.is_remand or period.placements[0].legal_status in ("V3", "V4"):
            continue
        for place in period.placements:
            if (place.placement == "K2") != residential or place.placement in ("P1", "H5", "P2"):
                continue
            low = max(first, place.start + timedelta(days=1))
            high = min(last, (place.end or date.max) - timedelta(days=1))
            if (high - low).days >= 20 and child.age_on(low) >= 11:
                spans.append((low, high))
    return spans


class Missing:
    """Draws the episodes."""

    def __init__(self, life: Life, seed: int) -> None:
        self.life = life
        self.rng = np.random.default_rng([seed, 41])
        self.episodes: list[MissingEpisode] = []
        self.vulnerable: dict[str, bool] = {}

    def draw(self) -> None:
        """All years, then the part-year with its printed breakdowns."""
        for year, total in MISSING_YEARS.items():
            self.whole_year(year, total)
        self.part_year()
        self.episodes.sort(key=lambda episode: (episode.start, episode.child.child_id))
        for number, episode in enumerate(self.episodes):
            episode.episode_id = f"M{100001 + number}"
        self.interviews()

    # -- who -----------------------------------------------------------------------------------------------------

    def runaways(self, first: date, last: date, numbers: dict[str, int]) -> list[Runaway]:
        """So many children of each kind who go missing within a window."""
        found: dict[str, list[Runaway]] = {"residential": [], "care": [], "home": []}
        for child in self.life.children:
            if child.age_on(last) < 11 or child.age_on(last) >= 18:
                continue
            homes = care_spans(child, first, last, True)
            others = care_spans(child, first, last, False)
            if homes:
                found["residential"].append(Runaway(child, homes[0], "residential"))
            elif others:
                found["care"].append(Runaway(child, others[0], "care"))
            elif not child.care and any(
                not case.is_no_further_action and case.referral < last and (case.closure or last) > first
                for case in child.cases
            ):
                found["home"].append(Runaway(child, (first, last), "home"))
        made = []
        for kind, wanted in numbers.items():
            able = found[kind]
            known = wanted if kind != "home" else wanted // 2
            if len(able) < known:
                raise RuntimeError(f"{kind}: {len(able)} children for {known}")
            made += [able[n] for n in self.rng.permutation(len(able))[:known]]
            for _ in range(wanted - known):  # children the census does not know
                birth = first - timedelta(days=int(self.rng.uniform(11.2, 17.2) * 365.25))
                child = self.life.people.child(birth)
                made.append(Runaway(child, (first, last), kind))
        return made

    def share_out(self, runaways: list[Runaway], episodes: dict[str, int]) -> None:
        """Give each kind its number of episodes: many children with one, few with many."""
        for kind, total in episodes.items():
            able = [one for one in runaways if one.kind == kind]
            if total < len(able):
                raise RuntimeError(f"{kind}: {total} episodes for {len(able)} children")
            weights = self.rng.pareto(1.1, len(able)) + 0.05
            weights /= weights.sum()
            extra = total - len(able)
            while extra:
                for n in self.rng.choice(len(able), extra, p=weights):
                    room = (able[n].span[1] - able[n].span[0]).days // 9
                    if able[n].episodes < min(room, 24) and extra:
                        able[n].episodes += 1
                        extra -= 1

    # -- when ----------------------------------------------------------------------------------------------------

    def place(self, one: Runaway, lengths: list[int | None], last: date) -> list[tuple[datetime, datetime | None]]:
        """Begin and end of a child's episodes, none overlapping another."""
        low, high = one.span
        for _ in range(400):
            taken: list[tuple[date, date]] = []
            made: list[tuple[datetime, datetime | None]] = []
            for length in sorted(lengths, key=lambda days: -(days or 0)):
                days = length or 0
                latest = min(high, last - timedelta(days=days))
                for _ in range(60):
                    begin = low + timedelta(days=int(self.rng.integers(0, max((latest - low).days, 0) + 1)))
                    end = begin + timedelta(days=days)
                    if all(end < other[0] or begin > other[1] for other in taken):
                        break
                else:
                    break
                taken.append((begin, end))
                minute = int(self.rng.integers(8 * 60, 22 * 60))
                start = datetime.combine(begin, time(minute // 60, minute % 60))
                later = int(self.rng.integers(20, 24 * 60 - minute - 5))
                stop = datetime.combine(end, time(minute // 60, minute % 60)) + timedelta(minutes=later)
                made.append((start, None if length is None else stop))
            if len(made) == len(lengths):
                return made
        raise RuntimeError("no room for a child's episodes")

    def add(self, one: Runaway, start: datetime, end: datetime | None, kind: str) -> None:
        """Keep an episode."""
        child = one.child
        if child.child_id not in self.vulnerable:
            self.vulnerable[child.child_id] = bool(self.rng.random() < 0.3)
        weights = [0.5, 0.38, 0.06, 0.06] if one.kind != "home" else [0.72, 0.0, 0.2, 0.08]
        notified = str(self.rng.choice(["police", "placement", "family", "other"], p=weights))
        vulnerable = self.vulnerable[child.child_id]
        self.episodes.append(
            MissingEpisode("", child, start, end, kind, notified, vulnerable, is_from_care=one.kind != "home")
        )

    # -- years ---------------------------------------------------------------------------------------------------

    def whole_year(self, year: int, total: int) -> None:
        """A year of which only the number of episodes is printed."""
        rng = self.rng
        first, last = year_start(year), year_end(year)
        children = int(total / 2.7)
        residential = min(int(children * 0.07), 38)
        care = min(int(children * 0.16), 85)
        runaways = self.runaways(
            first, last, {"residential": residential, "care": care, "home": children - residential - care}
        )
        by_kind = {"residential": round(total * 0.15), "care": round(total * 0.2)}
        by_kind["home"] = total - sum(by_kind.values())
        self.share_out(runaways, by_kind)
        # Episodes under 24 hours came to be recorded from January 2014 on.
        for one in runaways:
            lengths: list[int | None] = []
            for _ in range(one.episodes):
                short = 0.2 if year == 2013 else 0.42 if year == 2014 else 0.52
                band = str(rng.choice(list(BANDS), p=[short, 0.88 - short, 0.08, 0.025, 0.005, 0.005, 0.005]))
                crowded = one.episodes > 4 or (one.span[1] - one.span[0]).days < 150
                if crowded and band in ("4_8", "9_14", "15_28", "over_28"):
                    band = "1"
                low, high = BANDS[band]
                lengths.append(None if rng.random() < 0.01 else int(rng.integers(low, high + 1)))
            for start, end in self.place(one, lengths, last):
                self.add(one, start, end, self.kind_on(start.date(), one.kind))

    def kind_on(self, day: date, kind: str) -> str:
        """Class by date: "absent" in national guidance from January 2014, in use by the police from November 2015."""
        absent = 0.0 if day < date(2014, 1, 1) else 0.1 if day < date(2015, 11, 1) else 0.5
        if kind != "home" and day >= date(2015, 11, 1) and self.rng.random() < 0.03:
            return "away"
        return "absent" if self.rng.random() < absent else "missing"

    def part_year(self) -> None:
        """1 April to 31 October 2016."""
        part = MISSING_PART
        first, last = part.first, part.last
        runaways = self.runaways(first, last, part.children)
        self.share_out(runaways, part.episodes)
        bands = [band for band, count in part.bands.items() for _ in range(count)]
        self.rng.shuffle(bands)
        long = [band for band in bands if band in ("4_8", "9_14", "15_28", "over_28")]
        rest = [band for band in bands if band not in long]
        unknown = part.unknown_duration
        made: list[tuple[Runaway, datetime, datetime | None]] = []
        order = [runaways[n] for n in self.rng.permutation(len(runaways))]
        for one in order:
            lengths: list[int | None] = []
            for _ in range(one.episodes):
                wide = one.kind == "home" and one.episodes <= 2
                if wide and unknown:
                    lengths.append(None)
                    unknown -= 1
                    continue
                band = long.pop() if wide and long else rest.pop()
                low, high = BANDS[band]
                lengths.append(int(self.rng.integers(low, high + 1)))
            made += [(one, start, end) for start, end in self.place(one, lengths, last)]
        kinds = {name: count for name, count in part.classes.items() if name != "away"}
        classes = [name for name, count in kinds.items() for _ in range(count)]
        self.rng.shuffle(classes)
        from_care = [n for n, (one, _, _) in enumerate(made) if one.kind != "home"]
        away = {from_care[n] for n in self.rng.permutation(len(from_care))[: part.classes["away"]]}
        for n, (one, start, end) in enumerate(made):
            self.add(one, start, end, "away" if n in away else classes.pop())

    def interviews(self) -> None:
        """An interview is offered to who has been missing twice or more, or is vulnerable."""
        seen: dict[str, int] = {}
        for episode in self.episodes:
            child = episode.child.child_id
            seen[child] = seen.get(child, 0) + 1
            if (seen[child] >= 2 or episode.is_vulnerable) and self.rng.random() < 0.93:
                back = (episode.end or episode.start).date()
                episode.offered = back + timedelta(days=int(self.rng.integers(0, 4)))
                if self.rng.random() < 0.68:
                    episode.done = episode.offered + timedelta(days=int(self.rng.integers(0, 5)))

    def rows(self) -> list[tuple[str, ...]]:
        """Rows of the extract."""
        made: list[tuple[str, ...]] = []
        for one in self.episodes:
            made.append(
                (
                    one.episode_id,
                    one.child.child_id,
                    one.start.isoformat(timespec="minutes"),
                    one.end.isoformat(timespec="minutes") if one.end else "",
                    one.kind if one.kind != "unclassified" else "",
                    one.notified_by,
                    (one.start.date() + timedelta(days=int(one.start.hour >= 21))).isoformat(),
                    "1" if one.is_vulnerable else "0",
                    one.offered.isoformat() if one.offered else "",
                    one.done.isoformat() if one.done else "",
                )
            )
        return made
