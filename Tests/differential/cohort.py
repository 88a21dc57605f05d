"""Compares cohort with SQL over the same events in DuckDB, on random persons.

    pip install duckdb
    python3 Tests/differential/cohort.py .build/release/cohort [CASES] [SEED]

The queries know nothing of cohort: they are written from the definitions. Events come at the same moments,
at midnight and beside it, where clocks are changed; ids are linked; cohorts are by day, week and month in
several zones, by the calendar and rolling, on and on or after, recurring and of the first start, in brackets.
Compared are sizes, returns and what is complete, of each cohort and of the mean; and what cohort_activity.py
asks of the same events. Ends with status 1 where a number differs; the events are left in
cohort-difference.ndjson.
"""

import collections
import datetime
import json
import random
import subprocess
import sys
import tempfile
import zoneinfo

import cohort_activity
import duckdb
from links import Persons

UTC = datetime.timezone.utc
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "America/Havana"]
DAY = 86_400_000
LENGTHS = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}
SPANS = {"day": [12, 12, 50], "week": [80], "month": [320]}
# Days on which clocks are changed somewhere: Havana and New York, Berlin; then back.
BEGINNINGS = ["2026-03-05", "2026-03-26", "2026-10-22", "2026-10-29", "2026-01-28"]
# What an option says, and what it means in SQL.
TESTS = [
    (None, "event <> 'Email Delivered'"),
    ("A", "event = 'A'"),
    ("B", "event = 'B'"),
    ('event == "A" || event == "B"', "event IN ('A', 'B')"),
    ("Email Delivered", "event = 'Email Delivered'"),
]


class Case:
    def __init__(self, dice):
        self.dice = dice
        self.unit = dice.choice(["day", "day", "week", "month"])
        self.span = dice.choice(SPANS[self.unit])
        self.zone = dice.choice(ZONES)
        self.rolling = dice.random() < 0.5
        self.first = dice.random() < 0.4
        self.after = dice.random() < 0.4
        self.start, self.back = dice.choice(TESTS), dice.choice(TESTS)
        if dice.random() < 0.3:
            self.back = self.start
        self.brackets, self.given = self.some_brackets()
        self.events = self.some_events()
        self.as_of = None
        if dice.random() < 0.4:
            self.as_of = self.moment(self.begin + dice.randint(0, self.span) * DAY)

    def some_brackets(self):
        dice = self.dice
        if dice.random() < 0.6:
            count = dice.randint(1, 9)
            first = 1 if self.start == self.back and not self.rolling else 0
            return [(k, k) for k in range(first, count + 1)], ["--periods", str(count)]
        ends = sorted(dice.sample(range(12), 2 * dice.randint(1, 4)))
        brackets = list(zip(ends[::2], ends[1::2]))
        return brackets, ["--brackets", ",".join(f"{a}-{b}" for a, b in brackets)]

    def moment(self, near):
        """A moment at a midnight of the zone, beside one, or anywhere on the day."""
        zone = zoneinfo.ZoneInfo(self.zone)
        date = datetime.datetime.fromtimestamp(near / 1000, zone).date()
        midnight = self.midnight(date)
        kind = self.dice.random()
        if kind < 0.3:
            return midnight + self.dice.choice([-1, 0, 1, -3_600_000, 3_600_000, DAY // 2])
        if kind < 0.6:
            return midnight + 3_600_000 * self.dice.randint(0, 26)
        return midnight + self.dice.randint(0, DAY)

    def midnight(self, date):
        zone = zoneinfo.ZoneInfo(self.zone)
        local = datetime.datetime(date.year, date.month, date.day, tzinfo=zone)
        return round(local.timestamp() * 1000)

    def some_events(self):
        dice = self.dice
        begin = datetime.datetime.fromisoformat(dice.choice(BEGINNINGS)).replace(tzinfo=UTC)
        self.begin = round(begin.timestamp() * 1000)
        persons, events = dice.randint(1, 12), []
        for _ in range(dice.choice([3, 30, 200])):
            ids = {}
            kind = dice.random()
            number = dice.randint(0, persons)
            if kind < 0.5:
                ids["userId"] = f"u{number}"
            elif kind < 0.9:
                ids["anonymousId"] = f"a{number}"
            else:
                ids = {"userId": f"u{number}", "anonymousId": f"a{dice.randint(0, persons)}"}
                if dice.random() < 0.7:
                    ids["anonymousId"] = f"a{number}"
            name = dice.choice(["A", "A", "B", "C", "Email Delivered"])
            time = self.moment(self.begin + dice.randint(0, self.span) * DAY)
            events.append((name, ids, time))
        return events

    def options(self):
        options = ["--period", self.unit, "--time-zone", self.zone, *self.given]
        if self.start == self.back and self.start[0] and self.dice.random() < 0.5:
            options += ["--event", self.start[0]]
        else:
            for name, (text, _) in [("--start", self.start), ("--return", self.back)]:
                options += [name, text] if text else []
        options += ["--rolling"] if self.rolling else []
        options += ["--first-time"] if self.first else []
        options += ["--mode", "on-or-after"] if self.after else []
        return options + (["--as-of", rfc3339(self.as_of)] if self.as_of else [])

    def lines(self):
        return [
            json.dumps({"event": name, **ids, "timestamp": rfc3339(time)}) + "\n"
            for name, ids, time in self.events
        ]


def rfc3339(milliseconds):
    moment = datetime.datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def program(command, case, path):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(case.lines())
    output = subprocess.run(
        [command, "--quiet", *case.options(), path], check=True, capture_output=True
    ).stdout
    found, mean = {}, {}
    for line in output.splitlines():
        record = json.loads(line)
        if record["record"] == "cohort.retention":
            cells = (record["retained"] or {}).items()
            label = record["cohort"]
            found[label] = (
                record["persons"],
                record.get("complete", True),
                {name: (rate["numerator"], rate.get("complete", True)) for name, rate in cells},
            )
        elif record["record"] == "cohort.mean":
            mean = {
                name: (rate["numerator"], rate["denominator"])
                for name, rate in record["retained"].items()
                if rate
            }
    return found, mean


def next_period(start, unit, count):
    if unit == "month":
        months = start.year * 12 + start.month - 1 + count
        return datetime.date(months // 12, months % 12 + 1, 1)
    return start + datetime.timedelta(days=count * (7 if unit == "week" else 1))


QUERY = """
  WITH marked AS (SELECT person, ms, date_trunc('{unit}', local) AS p, {start} AS s, {back} AS r FROM e),
  starts AS (SELECT person, p AS c, min(ms) AS birth FROM marked WHERE s GROUP BY person, p),
  births AS (SELECT * FROM starts {only_first}),
  returns AS (SELECT b.person, c, {offset} AS k FROM births b JOIN marked m ON m.person = b.person
    WHERE r AND {later}),
  hits AS (SELECT DISTINCT person, c, n FROM returns, brackets WHERE {fits})
  SELECT c, -1, count(*) FROM births GROUP BY c
  UNION ALL SELECT c, n, count(*) FROM hits GROUP BY c, n"""


def load(database, case):
    """The events that count as a table; gives the moment of the report."""
    persons = Persons()
    for _, ids, _ in case.events:
        ids = list(ids.values())
        persons.join(ids[0], ids[-1])
    zone = zoneinfo.ZoneInfo(case.zone)
    rows = [
        (
            persons.root(next(iter(ids.values()))),
            name,
            time,
            datetime.datetime.fromtimestamp(time / 1000, zone).replace(tzinfo=None),
        )
        for name, ids, time in case.events
        if case.as_of is None or time <= case.as_of
    ]
    database.execute("CREATE OR REPLACE TABLE e (person TEXT, event TEXT, ms BIGINT, local TIMESTAMP)")
    if rows:
        values = ", ".join(f"('{p}', '{name}', {ms}, '{local}')" for p, name, ms, local in rows)
        database.execute(f"INSERT INTO e VALUES {values}")
    return case.as_of if case.as_of is not None else max(time for _, _, time in case.events)


def sql(database, case):
    newest = load(database, case)
    database.execute("CREATE OR REPLACE TABLE brackets (n INT, low INT, high INT)")
    values = ", ".join(f"({n}, {low}, {high})" for n, (low, high) in enumerate(case.brackets))
    database.execute(f"INSERT INTO brackets VALUES {values}")
    length = LENGTHS[case.unit]
    query = QUERY.format(
        unit=case.unit, start=case.start[1], back=case.back[1],
        only_first="QUALIFY c = min(c) OVER (PARTITION BY person)" if case.first else "",
        offset=f"(ms - birth) // {length}" if case.rolling else f"date_diff('{case.unit}', c, m.p)",
        later="ms > birth" if case.rolling else "(m.p > c OR m.p = c AND ms > birth)",
        fits="k >= low" if case.after else "k BETWEEN low AND high")
    counts = collections.defaultdict(dict)
    for cohort, bracket, count in database.execute(query).fetchall():
        counts[cohort.date() if hasattr(cohort, "hour") else cohort][bracket] = count
    return expected(case, counts, newest)


def expected(case, counts, newest):
    """What is to be reported of the counts: each cohort from the first on, and the mean."""
    found, sums = {}, collections.defaultdict(lambda: [0, 0])
    if not counts:
        return {}, {}
    cohort = min(counts)
    while case.midnight(cohort) <= newest:
        size, cells = counts[cohort].get(-1, 0) if cohort in counts else 0, {}
        end = case.midnight(next_period(cohort, case.unit, 1))
        for number, (low, high) in enumerate(case.brackets):
            if case.rolling:
                begin = case.midnight(cohort) + low * LENGTHS[case.unit]
                # The last moment that counts for a person who begins at the period's last moment.
                over = end - 1 + (high + 1) * LENGTHS[case.unit] - 1
            else:
                begin = case.midnight(next_period(cohort, case.unit, low))
                over = case.midnight(next_period(cohort, case.unit, high + 1)) - 1
            if begin > newest or size == 0:
                continue
            name = f"{case.unit}{low}" + (f"to{high}" if high > low else "")
            cells[name] = (counts[cohort].get(number, 0), newest >= over)
            if newest >= over:
                sums[name][0] += cells[name][0]
                sums[name][1] += size
        label = f"{cohort:%Y-%m}" if case.unit == "month" else str(cohort)
        found[label] = (size, newest >= end - 1, cells)
        cohort = next_period(cohort, case.unit, 1)
    return found, {name: tuple(pair) for name, pair in sums.items()}


def main():
    command = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    database = duckdb.connect()
    numbers, cohorts, active = 0, 0, 0
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as file:
        for number in range(cases):
            case = Case(random.Random(seed * 1_000_003 + number))
            ours, theirs = program(command, case, file.name), sql(database, case)
            active += cohort_activity.compare(command, database, case, file.name, load)
            cohorts += len(theirs[0])
            numbers += sum(len(cells) for _, _, cells in theirs[0].values())
            if ours == theirs:
                continue
            with open("cohort-difference.ndjson", "w", encoding="utf-8") as left:
                left.writelines(case.lines())
            print(f"case {number} of seed {seed} differs:", " ".join(case.options()))
            for label in sorted(set(ours[0]) | set(theirs[0])):
                if ours[0].get(label) != theirs[0].get(label):
                    print(label, "ours", ours[0].get(label), "theirs", theirs[0].get(label))
            print("mean: ours", ours[1], "theirs", theirs[1])
            sys.exit(1)
    print(f"{cases} cases, {cohorts} cohorts, {numbers} rates, {active} periods of activity: all equal")


main()
