"""Stories of single outlets: series that split and end, cohorts, the next meetup, pages without years, relative words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.life.happenings import Happenings
from tests.life.names import CITIES
from tests.life.outlets import Entry, Outlet
from tests.life.series import AHEAD, Series
from tests.life.truths import Values, at_clock
from tests.life.webpages import without_year
from tests.life.world import World


class SeriesStory:
    """Repeating entries: evenings dropped and moved, "this and following", an early end."""

    def __init__(self, world: World, happenings: Happenings) -> None:
        self.world, self.rng, self.happenings = world, world.rng, happenings
        london, boston = world.outlets["london"], world.outlets["boston"]
        self.begin(london, "Alignment Reading Group", world.now.date() - timedelta(days=world.now.weekday() - 2), 1)
        self.begin(boston, "Governance Reading Circle", world.now.date() - timedelta(days=world.now.weekday() - 3), 2)
        for outlet, day in ((london, 70), (london, 225), (boston, 150), (boston, 260), (boston, 300)):
            outlet.upheavals.append(world.now + timedelta(days=day))
        world.plan(70, lambda: self.split(london, hour=1))
        world.plan(225, lambda: self.split(london, title="Alignment Reading Group: Second Season"))
        world.plan(150, lambda: self.split(boston, hour=-1))
        world.plan(260, lambda: self.end_early(boston))
        world.plan(
            300, lambda: self.begin(boston, "Compute Policy Study Group", world.now.date() + timedelta(days=9), 2)
        )

    def begin(self, outlet: Outlet, title: str, first: date, weeks: int) -> Series:
        """Let an outlet begin a series."""
        key = f"{self.world.key()}@google.com"
        series = Series(key, title, outlet.zone, CITIES[outlet.zone], first, 18, weeks)
        outlet.series.append(series)
        self._extend(outlet, series, set())
        return series

    def day(self) -> None:
        """Let series go on; now and then an evening is dropped or moved."""
        for outlet in self.world.outlets.values():
            known = {each.key for each in outlet.entries if each.series}
            for series in outlet.series:
                self._extend(outlet, series, known)
                if self.rng.random() < 0.03:
                    self._disturb(outlet, series)

    def _extend(self, outlet: Outlet, series: Series, known: set[str]) -> None:
        for day in series.days(self.world.now.date() + AHEAD):
            key = f"{series.key}/{day}"
            if key not in known and day not in series.skipped:
                truth = self.world.truth(outlet, "meetup", series.values(day))
                self.world.entry(outlet, truth, key=key, url="", series=series.key)

    def _disturb(self, outlet: Outlet, series: Series) -> None:
        today = self.world.now.date()
        near = [
            each
            for each in self._evenings(outlet, series)
            if today + timedelta(days=8) < each.truth.values.first_day < today + timedelta(days=50)
            and _day(each) not in series.moved
        ]
        if not near or outlet.fault(self.world.now):
            return
        entry = self.rng.choice(near)
        if self.rng.random() < 0.5:
            series.skipped.append(_day(entry))
            entry.gone_from = entry.truth.called_off = self.world.now
            self.happenings.count("evening dropped")
        else:
            series.moved.append(_day(entry))
            by = self.rng.choice((timedelta(days=1), timedelta(days=-1), timedelta(hours=1)))
            entry.truth.set(self.world.now, entry.truth.values.shifted(by))
            self.happenings.count("evening moved")

    def _evenings(self, outlet: Outlet, series: Series) -> list[Entry]:
        return [each for each in outlet.entries if each.series == series.key and each.truth.called_off is None]

    def split(self, outlet: Outlet, hour: int = 0, title: str = "") -> None:
        """Change "this and following": the rest of a series goes on as another one, with another hour or title."""
        old = outlet.series[-1]
        turn = next(day for day in old.days(date.max) if day > self.world.now.date() + timedelta(days=10))
        key = f"{old.key.partition('@')[0].partition('_')[0]}_R{old.start(turn):%Y%m%dT%H%M%S}@google.com"
        new = Series(key, title or old.title, old.zone, old.place, turn, old.hour + hour, old.weeks)
        new.skipped = [day for day in old.skipped if day >= turn]
        new.moved = [day for day in old.moved if day >= turn]
        old.skipped = [day for day in old.skipped if day < turn]
        for each in self._evenings(outlet, old):
            day = _day(each)
            if day >= turn:
                each.series, each.key = new.key, f"{new.key}/{day}"
                if day not in new.moved:
                    each.truth.set(self.world.now, new.values(day))
        old.until = turn - timedelta(days=1)
        outlet.series.append(new)
        self._mark(outlet, "series split")

    def end_early(self, outlet: Outlet) -> None:
        """End a series in a few weeks: the evenings after that are off."""
        series = outlet.series[-1]
        series.until = self.world.now.date() + timedelta(days=20)
        for each in self._evenings(outlet, series):
            if _day(each) > series.until:
                each.gone_from = each.truth.called_off = self.world.now
        self._mark(outlet, "series ended")

    def _mark(self, outlet: Outlet, what: str) -> None:
        outlet.excused.append(self.world.now)
        self.happenings.count(what)


def _day(entry: Entry) -> date:
    return date.fromisoformat(entry.key.rpartition("/")[2])


class Rounds:
    """One address for one round after another: cohorts, a yearly forum, the next meetup, conferences by year."""

    def __init__(self, world: World, happenings: Happenings) -> None:
        self.world, self.rng, self.happenings = world, world.rng, happenings
        self.cohort = 3
        self._next_cohort()
        self._next_meetup(world.now.date() + timedelta(days=12))
        self._next_forum(world.now.date() + timedelta(days=self.rng.randint(80, 120)))
        for number, name in enumerate(("SafeML", "ALIGN", "GovTech", "TrustCon")):
            self._conference(name, world.now.date() + timedelta(days=70 + 60 * number))

    def _page(self, outlet_id: str, kind: str, values: Values, **more: object) -> Entry:
        outlet = self.world.outlets[outlet_id]
        address = f"https://{outlet.host}/{'programme' if outlet_id == 'fellows' else ''}"
        entry = self.world.entry(outlet, self.world.truth(outlet, kind, values), **({"url": address} | more))
        for other in outlet.entries[:-1]:
            if other.gone_from is None and outlet_id != "deadlines":
                other.gone_from = self.world.now
        self.happenings.count(f"next round: {outlet_id}")
        return entry

    def _next_cohort(self) -> None:
        today = self.world.now.date()
        start = today + timedelta(days=48)
        due = today + timedelta(days=22)
        title = f"Catalyst Safety Fellowship, Cohort {self.cohort}"
        values = Values(title, start, start + timedelta(days=55), CITIES["Europe/London"], due)
        entry = self._page("fellows", "fellowship", values)
        self.cohort += 1
        if self.rng.random() < 0.6:
            self.world.plan(15, lambda: entry.truth.change(self.world.now, deadline=due + timedelta(days=14)))
        self.world.plan(self.rng.choice((52, 75, 110)), self._next_cohort)

    def _next_meetup(self, day: date) -> None:
        start = at_clock(day, 19, 0, "Europe/Lisbon")
        values = Values("AI Safety Lisbon Monthly Meetup", start, start + timedelta(hours=2), CITIES["Europe/Lisbon"])
        entry = self._page("next_meetup", "meetup", values)
        ahead = (day - self.world.now.date()).days
        if self.rng.random() < 0.25:
            by = self.rng.choice((timedelta(hours=1), timedelta(days=1), timedelta(days=7)))
            self.world.plan(7, lambda: entry.truth.set(self.world.now, entry.truth.values.shifted(by)))
            ahead += 8
            self.happenings.count("next meetup moved")
        self.world.plan(ahead + self.rng.randint(1, 5), lambda: self._next_meetup(day + timedelta(days=28)))

    def _next_forum(self, day: date) -> None:
        title = f"Pacific AI Safety Forum {day.year}"
        entry = self._page(
            "safety_forum", "conference", Values(title, day, day + timedelta(days=2), "Berkeley, CA, USA")
        )
        self.happenings.copy(self.world.outlets["safety_forum"], entry)
        until = (day - self.world.now.date()).days + 20
        self.world.plan(until, lambda: self._next_forum(day.replace(day=min(day.day, 28), year=day.year + 1)))

    def _conference(self, name: str, day: date) -> None:
        due = max(day - timedelta(days=50), self.world.now.date() + timedelta(days=10))
        values = Values(f"{name} {day.year}", day, day + timedelta(days=3), "Vienna, Austria", due)
        entry = self._page("deadlines", "conference", values, url=f"https://{name.lower()}.example/{day.year}")
        entry.key = f"{name.lower()}{day.year % 100}"
        if self.rng.random() < 0.5:
            extended = due + timedelta(days=7)
            self.world.plan(
                (due - self.world.now.date()).days - 4, lambda: entry.truth.change(self.world.now, deadline=extended)
            )
        until = (day - self.world.now.date()).days + 40
        self.world.plan(until, lambda: self._conference(name, day + timedelta(days=364)))


class Wording:
    """Dates in words: without a year on pages that never change, and "tomorrow" on pages that keep it for weeks."""

    def __init__(self, world: World, happenings: Happenings) -> None:
        self.world, self.rng, self.happenings = world, world.rng, happenings
        self._waiting: list[str] = []
        for ahead in (40, 72, 110, 160):
            self._retreat(world.now.date() + timedelta(days=ahead))
        for named in (date(world.now.year, 12, 30), _leap_day(world.now.date())):
            if named is not None and timedelta(days=20) < named - world.now.date() < timedelta(days=350):
                self._retreat(named)
        world.plan(180, lambda: self._retreat(world.now.date() + timedelta(days=75)))
        for days in range(10, 390, 24):
            world.plan(days, lambda: self._waiting.append(self.rng.choice(("tomorrow", "this Friday"))))

    def _retreat(self, day: date) -> None:
        """Announce a retreat as "12–14 January, apply by 20 December": the page stays as it is for ever."""
        outlet = self.world.outlets["retreats"]
        last = day + timedelta(days=3 if (day.month, day.day) != (2, 29) else 0)
        due = day - timedelta(days=24 if day - self.world.now.date() > timedelta(days=32) else 10)
        title = self.world.names.title("workshop")
        values = Values(title, day, last, CITIES[outlet.zone], due)
        self.world.entry(outlet, self.world.truth(outlet, "workshop", values), words=without_year(day, last))
        self.happenings.count("date without a year")

    def before_fetch(self, outlet_id: str, now: datetime) -> None:
        """Post what waits, so that the day on which relative words are first seen is the day they are meant from."""
        outlet = self.world.outlets[outlet_id]
        if outlet_id != "notices" or not self._waiting or outlet.fault(now):
            return
        word = self._waiting[0]
        if word == "this Friday" and now.weekday() > 3:
            return
        self._waiting.pop(0)
        day = now.date() + timedelta(days=1 if word == "tomorrow" else 4 - now.weekday())
        start = at_clock(day, 18, 30, outlet.zone)
        values = Values(self.world.names.title("talk"), start, None, CITIES[outlet.zone])
        truth = self.world.truth(outlet, "talk", values)
        entry = self.world.entry(outlet, truth, shown_from=now, words=f"{word}, 18:30")
        entry.gone_from = now + timedelta(days=self.rng.randint(18, 40))
        self.happenings.count("relative words")


def _leap_day(today: date) -> date | None:
    found = (date(year, 2, 29) for year in (today.year, today.year + 1) if year % 4 == 0)
    return next((day for day in found if day > today), None)
