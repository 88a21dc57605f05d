"""Compares session with SQL over the same events in ClickHouse's engine, and with a brute force.

    pip install chdb==4.4.0
    python3 Tests/differential/session.py .build/release/session [CASES] [SEED] [SHOP]

SHOP is ecom_events.ndjson: then other idle times are compared on its events too. Random persons do things at the
same moments, at gaps of just the idle time and a millisecond beside it, at midnight and where clocks are changed;
ids are linked. Sessions by idle time, with and without midnight, are SQL with window functions; the longest
time, campaigns and the most events are a loop in Python, since each session depends on the one before. Compared are
each session of --report, the summary, that of --lateness, and the sessions of annotated events behind --reorder. Ends
with status 1 where something differs; the events are left in session-difference.ndjson.
"""

import collections
import datetime
import json
import random
import subprocess
import sys
import tempfile
import zoneinfo

import chdb
from links import Persons

UTC = datetime.timezone.utc
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "America/Havana"]
BEGINNINGS = ["2026-03-07", "2026-03-28", "2026-10-24", "2026-10-31", "2026-01-28"]


def midnight(date, zone):
    local = datetime.datetime(date.year, date.month, date.day, tzinfo=zoneinfo.ZoneInfo(zone))
    return round(local.timestamp() * 1000)


class Case:
    def __init__(self, dice):
        self.zone = dice.choice(ZONES)
        self.idle = dice.choice([0, 5 * MINUTE, 30 * MINUTE, 30 * MINUTE, 8 * HOUR, 40 * HOUR])
        self.midnight = dice.random() < 0.4
        self.max = dice.choice([None, None, 40 * MINUTE, 24 * HOUR])
        self.campaigns = dice.random() < 0.2
        self.most = dice.choice([None, None, None, 2, 5])
        self.options = ["--idle", f"{self.idle}ms", "--time-zone", self.zone]
        if self.midnight:
            self.options.append("--split-at-midnight")
        if self.max is not None:
            self.options += ["--max", f"{self.max}ms"]
        if self.campaigns:
            self.options.append("--split-on-campaign")
        if self.most is not None:
            self.options += ["--max-events", str(self.most)]
        self.events = self.some_events(dice)

    @property
    def is_plain(self):
        return self.max is None and self.most is None and not self.campaigns

    def some_events(self, dice):
        begin = datetime.datetime.fromisoformat(dice.choice(BEGINNINGS)).replace(tzinfo=UTC)
        begin = round(begin.timestamp() * 1000)
        persons, events, times = dice.randint(1, 9), [], [begin]
        for number in range(dice.choice([2, 20, 150, 300])):
            kind = dice.random()
            near = dice.choice(times)
            if kind < 0.15:
                time = near
            elif kind < 0.45:
                time = near + self.idle + dice.choice([-1, 0, 0, 1])
            elif kind < 0.6:
                day = datetime.datetime.fromtimestamp(near / 1000, UTC).date()
                time = midnight(day, self.zone) + dice.choice([-1, 0, 1, -HOUR, HOUR])
            elif kind < 0.8:
                time = near + dice.randint(0, 50 * MINUTE)
            else:
                time = begin + dice.randint(0, 4 * DAY)
            times.append(time)
            events.append(self.some_event(dice, number, time, persons))
        return events

    def some_event(self, dice, number, time, persons):
        ids, kind = {}, dice.random()
        one = dice.randint(0, persons)
        if kind < 0.6:
            ids["userId"] = f"u{one}"
        elif kind < 0.95:
            ids["anonymousId"] = f"a{one}"
        else:
            ids = {"userId": f"u{one}", "anonymousId": f"a{dice.randint(0, persons)}"}
        name = dice.choice(["Page Viewed", "Page Viewed", "A", "Order Completed", "Email Delivered"])
        event = {"event": name, **ids, "timestamp": time / 1000, "messageId": f"m{number}"}
        if name == "Page Viewed":
            event["properties"] = {"path": f"/{dice.randint(0, 5)}"}
        if dice.random() < 0.3:
            campaign = dice.choice(["x", "X", "y"])
            event["context"] = {"campaign": {"name": campaign}}
        return event

    def rows(self):
        """Person, time in milliseconds, calendar day, page, key event, campaign of what is of a session."""
        persons = Persons()
        for event in self.events:
            ids = [event[key] for key in ("userId", "anonymousId") if key in event]
            persons.join(ids[0], ids[-1])
        zone, rows = zoneinfo.ZoneInfo(self.zone), []
        for event in self.events:
            if event["event"] == "Email Delivered":
                continue
            time = round(event["timestamp"] * 1000)
            person = persons.root(event.get("userId") or event["anonymousId"])
            day = datetime.datetime.fromtimestamp(time / 1000, zone).date().toordinal()
            campaign = event.get("context", {}).get("campaign", {}).get("name", "").lower()
            page, key = event["event"] == "Page Viewed", event["event"] == "Order Completed"
            rows.append((person, time, day, page, key, campaign))
        return rows


SQL = """
WITH events AS (SELECT * FROM file('{file}', JSONEachRow, 'person String, time Int64, day Int32, page UInt8, key UInt8')),
marked AS (
  SELECT *, row_number() OVER w AS place, lagInFrame(time, 1, time) OVER w AS last, lagInFrame(day, 1, day) OVER w AS last_day
  FROM events
  WINDOW w AS (PARTITION BY person ORDER BY time, day, page, key ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)),
numbered AS (
  SELECT *, sum(if(place = 1 OR time - last > {idle} OR ({midnight} AND day <> last_day), 1, 0))
    OVER (PARTITION BY person ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session
  FROM marked)
SELECT person, session, min(time) AS start, max(time) - min(time) AS length, count() AS events, sum(page) AS pages,
  max(key) AS key, if(pages > 0, max(time) - minIf(time, page), 0) AS viewing,
  if(pages > 0, pages - if(maxIf(time, page) = max(time), 1, 0), 0) AS timed
FROM numbered GROUP BY person, session ORDER BY person, session
"""


def by_sql(rows, idle, splits):
    text = "\n".join(
        json.dumps(dict(person=p, time=t, day=d, page=int(g), key=int(k)))
        for p, t, d, g, k, _ in rows)
    if not rows:
        return []
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as file:
        file.write(text)
        file.flush()
        query = SQL.format(file=file.name, idle=idle, midnight=int(splits))
        answer = chdb.query(query, "JSONCompactEachRow")
    fields = ("person", "session", "start", "length", "events", "pages", "key", "viewing", "timed")
    found = []
    for line in str(answer).splitlines():
        values = json.loads(line)
        found.append(dict(zip(fields, [values[0]] + [int(value) for value in values[1:]])))
    return found


def by_loop(case):
    """The sessions of all rules; ties in the order of the messages, as the fingerprint decides, matter to none of
    the sums but under campaigns, whose cases have no ties."""
    persons = collections.defaultdict(list)
    for row in case.rows():
        persons[row[0]].append(row)
    found = []
    for person, rows in persons.items():
        rows.sort(key=lambda row: row[1])
        sessions = []
        for row in rows:
            last = sessions[-1] if sessions else None
            if (
                last is None
                or row[1] - last[-1][1] > case.idle
                or (case.max is not None and row[1] - last[0][1] > case.max)
                or (case.midnight and row[2] != last[0][2])
                or (case.campaigns and row[5] and row[5] != last[0][5])
                or (case.most is not None and len(last) >= case.most)
            ):
                sessions.append([row])
            else:
                last.append(row)
        for number, session in enumerate(sessions):
            pages = [row[1] for row in session if row[3]]
            end = session[-1][1]
            found.append(dict(
                person=person, session=number + 1, start=session[0][1], length=end - session[0][1],
                events=len(session), pages=len(pages), key=int(any(row[4] for row in session)),
                viewing=end - pages[0] if pages else 0,
                timed=len(pages) - (pages[-1] == end) if pages else 0))
    return found


def summary(sessions):
    """What all sessions are like, by the rules of Google Analytics 4."""
    count = len(sessions)
    lengths = sorted(one["length"] / 1000 for one in sessions)
    persons = collections.Counter(one["person"] for one in sessions)
    engaged = sum(1 for o in sessions if o["length"] > 10_000 or o["key"] or o["pages"] >= 2)
    timed = sum(one["timed"] for one in sessions)
    middle = [lengths[(count - 1) // 2], lengths[count // 2]] if count else []
    return {
        "sessions": count, "persons": len(persons),
        "averageSeconds": sum(lengths) / count if count else None,
        "medianSeconds": sum(middle) / 2 if count else None,
        "pageSeconds": sum(o["viewing"] for o in sessions) / timed / 1000 if timed else None,
        "pagesPerSession": sum(o["pages"] for o in sessions) / count if count else None,
        "eventsPerSession": sum(o["events"] for o in sessions) / count if count else None,
        "engaged": engaged, "bounced": count - engaged,
        "returning": sum(1 for number in persons.values() if number > 1),
    }


def run(program, options, events):
    text = "".join(json.dumps(event) + "\n" for event in events)
    done = subprocess.run([program, *options], input=text, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{options}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def same(one, other, error=1e-9):
    if isinstance(one, dict):
        one = one["numerator"]
    if one is None or other is None:
        return (one or 0) == (other or 0)
    return abs(one - other) <= error * max(1, abs(other))


def differences(program, options, events, sessions, annotates):
    expected, found = summary(sessions), []
    records = run(program, ["--report", *options], events)
    told = next(one for one in records if one["record"] == "session.summary")
    found += [(name, told[name], value) for name, value in expected.items()
              if not same(told[name], value)]
    listed = collections.Counter(
        (one["start"], round(one["seconds"] * 1000), one["events"], one["pages"])
        for one in records if one["record"] == "session")
    wanted = collections.Counter(
        (datetime.datetime.fromtimestamp(one["start"] // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.")
         + f"{one['start'] % 1000:03}Z", one["length"], one["events"], one["pages"])
        for one in sessions)
    found += [("session", listed - wanted, wanted - listed)] if listed != wanted else []
    ids = [one["sessionId"] for one in records if one["record"] == "session"]
    if len(set(ids)) != len(ids):
        found.append(("sessionId", "twice", "once"))
    ordered = sorted(events, key=lambda event: event["timestamp"])
    folded = run(program, ["--summary", "--lateness", "1s", "--max-jump", "4000d", *options], ordered)
    if annotates:
        # Nobody is linked: under --lateness what was folded before a link stays apart.
        late = next(one for one in folded if one["record"] == "session.summary")
        found += [(f"--lateness {name}", late[name], value) for name, value in expected.items()
                  if not same(late[name], value, 0.011 if name == "medianSeconds" else 1e-9)]
        passed = run(program, ["--reorder", "4000d", *options], events)
        counts = collections.Counter(one["sessionId"] for one in passed if "sessionId" in one)
        named = {one["sessionId"]: one["events"] for one in records if one["record"] == "session"}
        if counts != collections.Counter(named):
            found.append(("annotated", counts, named))
    return found


def end(case, found):
    with open("session-difference.ndjson", "w") as file:
        file.writelines(json.dumps(event) + "\n" for event in case.events)
    for name, ours, theirs in found:
        print(f"{name}: {ours}, expected {theirs}", file=sys.stderr)
    sys.exit(f"session {' '.join(case.options)} session-difference.ndjson differs")


def main():
    program = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    counts = collections.Counter()
    for number in range(cases):
        dice = random.Random(f"{seed}/{number}")
        case = Case(dice)
        if case.campaigns or case.most:
            # What comes first of one moment decides then: no two events of a person are at one.
            taken = set()
            for event in case.events:
                while event["timestamp"] in taken:
                    event["timestamp"] = round(event["timestamp"] * 1000 + 1) / 1000
                taken.add(event["timestamp"])
        sessions = by_loop(case)
        if case.is_plain:
            by_engine = by_sql(case.rows(), case.idle, case.midnight)
            order = lambda one: (one["person"], one["session"])
            if sorted(by_engine, key=order) != sorted(sessions, key=order):
                end(case, [("the engine and the loop", "", "")])
            counts["by the engine"] += 1
        else:
            counts["by the loop"] += 1
        links = any("userId" in event and "anonymousId" in event for event in case.events)
        found = differences(program, case.options, case.events, sessions, not links)
        if found:
            end(case, found)
        counts["annotated and with --lateness"] += not links
        counts["sessions"] += len(sessions)
    if len(sys.argv) > 4:
        counts["idle times of the shop"] = shop(program, sys.argv[4])
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())), "all equal")


def shop(program, path):
    """Other idle times over the events of a shop."""
    case = Case(random.Random(0))
    case.zone, case.events = "UTC", []
    with open(path) as lines:
        for line in lines:
            one = json.loads(line)
            moment = datetime.datetime.fromisoformat(one["timestamp"]).replace(tzinfo=UTC)
            case.events.append(
                {"event": one["event"], "userId": one["user_id"], "timestamp": moment.timestamp()})
    idles = [0, 1, 10, 60, 599, 600, 1200, 1799, 1800, 1801, 3600, 7200, 14400, 86400, 604800]
    for idle in idles:
        sessions = by_sql(case.rows(), idle * 1000, False)
        if idle == 1800 and len(sessions) != 3605:
            sys.exit(f"{len(sessions)} sessions in the shop, expected 3605")
        case.options = ["--idle", f"{idle}s"]
        found = differences(program, case.options, case.events, sessions, False)
        if found:
            end(case, found)
    return len(idles)


main()
