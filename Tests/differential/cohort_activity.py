"""cohort --active, --lifecycle and --churn against SQL over the events of a case of cohort.py."""

import datetime
import json
import subprocess
import sys
import zoneinfo

ACTIVE = """
  WITH days AS (SELECT DISTINCT person, local::DATE AS d FROM e WHERE {event}),
  spans AS (SELECT DISTINCT person, date_trunc('{unit}', d)::DATE AS p FROM days)
  SELECT p, count(DISTINCT person), (SELECT count(*) FROM days WHERE date_trunc('{unit}', d) = p),
    (SELECT count(DISTINCT person) FROM days WHERE d BETWEEN p - 6 AND p),
    (SELECT count(DISTINCT person) FROM days WHERE d BETWEEN p - 29 AND p)
  FROM (SELECT unnest(generate_series((SELECT min(p) FROM spans), DATE '{last}', INTERVAL 1 {unit}))::DATE
    AS p) LEFT JOIN spans USING (p) GROUP BY p ORDER BY p"""

FREQUENCY = """
  WITH spans AS (SELECT DISTINCT person, date_trunc('{unit}', local)::DATE AS p FROM e WHERE {event}),
  recent AS (SELECT person, count(*) AS n FROM spans
    WHERE p > DATE '{last}' - INTERVAL {count} {unit} GROUP BY person)
  SELECT n, count(*) FROM recent GROUP BY n"""

LIFECYCLE = """
  WITH spans AS (SELECT DISTINCT person, date_trunc('{unit}', local)::DATE AS p FROM e WHERE {event}),
  created AS (SELECT person, date_trunc('{unit}', min(local))::DATE AS c FROM e GROUP BY person),
  stages AS (
    SELECT s.p, CASE WHEN b.p IS NOT NULL THEN 'returning' WHEN s.p = c THEN 'new'
        ELSE 'resurrected' END AS stage
      FROM spans s JOIN created USING (person)
      LEFT JOIN spans b ON b.person = s.person AND b.p = s.p - INTERVAL 1 {unit}
    UNION ALL SELECT (s.p + INTERVAL 1 {unit})::DATE, 'dormant' FROM spans s
      LEFT JOIN spans a ON a.person = s.person AND a.p = s.p + INTERVAL 1 {unit} WHERE a.p IS NULL)
  SELECT p, count(*) FILTER (stage = 'new'), count(*) FILTER (stage = 'returning'),
    count(*) FILTER (stage = 'resurrected'), count(*) FILTER (stage = 'dormant')
  FROM (SELECT unnest(generate_series((SELECT min(p) FROM spans), DATE '{last}', INTERVAL 1 {unit}))::DATE
    AS p) LEFT JOIN stages USING (p) GROUP BY p ORDER BY p"""


def records(command, case, path, *options):
    options = ["--time-zone", case.zone, "--period", case.unit, *options]
    if case.start[0]:
        options += ["--event", case.start[0]]
    if case.as_of is not None:
        moment = datetime.datetime.fromtimestamp(case.as_of // 1000, datetime.timezone.utc)
        options += ["--as-of", f"{moment:%Y-%m-%dT%H:%M:%S}.{case.as_of % 1000:03d}Z"]
    output = subprocess.run(
        [command, "--quiet", *options, path], check=True, capture_output=True).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    return [line for line in lines if line["record"].startswith("cohort.") and line["record"] != "cohort.run"]


def expect(name, case, ours, theirs):
    if ours == theirs:
        return len(theirs)
    print(f"{name} differs:", case.unit, case.zone, case.start, "as of", case.as_of)
    for one, other in zip(ours, theirs):
        if one != other:
            print("ours", one, "theirs", other)
    print(len(ours), "records of ours,", len(theirs), "of theirs")
    with open("cohort-difference.ndjson", "w", encoding="utf-8") as left:
        left.writelines(case.lines())
    sys.exit(1)


def active(case, database, newest, found, values):
    """The rows of cohort.active; by day with the windows, else with the days of the period."""
    if case.unit != "day":
        ours = [
            (r["period"], r["persons"], (r["stickiness"] or {"numerator": 0})["numerator"],
             r["daily"] * length(case, newest, r["period"]))
            for r in found if r["record"] == "cohort.active"
        ]
        ours = [(*row[:3], round(row[3], 6)) for row in ours]
        rows = database.execute(ACTIVE.format(**values)).fetchall()
        return ours, [(label(case, p), n, d, d) for p, n, d, _, _ in rows]
    ours = [
        (r["period"], r["persons"], r["weekly"], r["monthly"],
         r["stickiness"] and (r["stickiness"]["numerator"], r["stickiness"]["denominator"]))
        for r in found if r["record"] == "cohort.active"
    ]
    begin = database.execute("SELECT min(local)::DATE FROM e").fetchone()[0]
    theirs = []
    for p, n, _, week, month in database.execute(ACTIVE.format(**values)).fetchall():
        week = week if p - datetime.timedelta(days=6) >= begin else None
        month = month if p - datetime.timedelta(days=29) >= begin else None
        theirs.append((str(p), n, week, month, (n, month) if month else None))
    return ours, theirs


def label(case, day):
    return f"{day:%Y-%m}" if case.unit == "month" else str(day)


def length(case, newest, period):
    """How many days of a period have begun."""
    start = datetime.date.fromisoformat(period if case.unit == "week" else period + "-01")
    end = start + datetime.timedelta(days=7)
    if case.unit == "month":
        end = datetime.date(start.year + start.month // 12, start.month % 12 + 1, 1)
    day = start
    while day < end and case.midnight(day) <= newest:
        day += datetime.timedelta(days=1)
    return (day - start).days


def compare(command, database, case, path, load):
    """Compares all, and gives the number of records that were equal."""
    newest = load(database, case)
    last = database.execute(
        f"SELECT date_trunc('{case.unit}', DATE '{local(case, newest)}')::DATE").fetchone()[0]
    values = {"unit": case.unit, "event": case.start[1], "last": last, "count": 4}
    found = records(command, case, path, "--active", "--periods", "4")
    somebody = database.execute(f"SELECT count(*) FROM e WHERE {case.start[1]}").fetchone()[0] > 0
    if not somebody:
        expect("nobody", case, found, [])
        return 0
    count = expect("--active", case, *active(case, database, newest, found, values))
    theirs = dict(database.execute(FREQUENCY.format(**values)).fetchall())
    ours = [(r["periods"], r["persons"]) for r in found if r["record"] == "cohort.frequency"]
    expect("frequencies", case, ours, [(n, theirs.get(n, 0)) for n in range(1, 5)])
    stages = [
        (label(case, p), *numbers) for p, *numbers in database.execute(LIFECYCLE.format(**values)).fetchall()
    ]
    names = ["period", "new", "returning", "resurrected", "dormant"]
    ours = [tuple(r[name] for name in names) for r in records(command, case, path, "--lifecycle")]
    count += expect("--lifecycle", case, ours, stages)
    ours = [
        (r["period"], r["before"], r["kept"], r["lost"])
        for r in records(command, case, path, "--churn")
    ]
    return count + expect("--churn", case, ours, [(p, r + d, r, d) for p, _, r, _, d in stages])


def local(case, milliseconds):
    return datetime.datetime.fromtimestamp(milliseconds / 1000, zoneinfo.ZoneInfo(case.zone)).date()
