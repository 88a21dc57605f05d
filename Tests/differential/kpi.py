#!/usr/bin/env python3
"""kpi against SQL in DuckDB on random events: counts, money, persons, tickets and sessions by calendar period.

    python3 Tests/differential/kpi.py .build/release/kpi 300

Ids are linked by events of both, so that persons are what the union of ids makes of them; times lie at the
edges of days and of idle times, often equal.
"""
import json
import random
import subprocess
import sys

import duckdb

NAMES = ["Page Viewed", "Screen Viewed", "Product Viewed", "Order Completed", "Order Refunded", "Email Delivered",
         "Email Opened", "Survey Answered", "Ticket Opened", "Ticket Solved"]
UNITS = ["day", "week", "month", "quarter", "year"]
METRICS = ("visitors,returningVisitors,conversionRate,emailOpenRate,revenue,averageOrderValue,purchaseFrequency,nps,"
           "retentionRate,netGrowthRate,churnRate,sessions,timeOnPlatformSeconds,pagesPerSession,bounceRate,"
           "resolutionSeconds,resolutionP90Seconds,resolvedShare")


def make(dice):
    """Random events, and the person that each id is of."""
    persons = dice.randint(1, 12)
    start = 1767225600000 + dice.randint(0, 400) * 86400000
    events = []
    for number in range(dice.randint(1, 150)):
        person = dice.randrange(persons)
        day = dice.randint(0, dice.choice([3, 40, 200]))
        moment = start + day * 86400000 + dice.choice(
            [0, 86399999, 36000000, 36000000 + 1800000 * dice.randint(0, 4) + dice.randint(0, 1),
             36000000 + 10000 * dice.randint(0, 4) + dice.randint(0, 1), dice.randint(0, 86399999)])
        name = dice.choice(NAMES)
        properties = {}
        if name.startswith("Order"):
            properties = {"revenue": dice.choice([0, 10.5, 0.1, 33, -5]), "currency": "EUR"}
        if name == "Survey Answered":
            properties = {"score": dice.randint(0, 10), "scale": 10}
        if name.startswith("Ticket"):
            properties = {"ticket_id": dice.randint(1, 9)}
        ids = dice.choice([{"userId": f"u{person}"}, {"anonymousId": f"a{person}"}])
        events.append((name, person, moment, ids, properties, number))
    # All ids that an event had are linked in the end.
    for person in range(persons):
        events.append(("Identified", person, start, {"userId": f"u{person}", "anonymousId": f"a{person}"}, {},
                       1000 + person))
    return events


def line(event):
    name, _, moment, ids, properties, number = event
    return json.dumps({"event": name, **ids, "messageId": f"m{number}", "timestamp": moment / 1000,
                       "properties": properties})


def expected(events, unit):
    """What SQL says, as {(metric, period): (numerator, denominator, value)}."""
    base = duckdb.connect()
    base.execute("create table e(name varchar, person int, ms bigint, amount double, score int, ticket int, n int)")
    for name, person, moment, _, properties, number in events:
        base.execute("insert into e values (?,?,?,?,?,?,?)", [
            name, person, moment, properties.get("revenue"), properties.get("score"), properties.get("ticket_id"),
            number])
    step = {"day": "1 day", "week": "7 days", "month": "1 month", "quarter": "3 months", "year": "1 year"}[unit]
    base.execute(f"""
      create view v as select *, date_trunc('{unit}', make_timestamp(ms * 1000)) as p,
        name not in ('Email Delivered', 'Identified', 'Order Refunded', 'Ticket Solved')
          as active,
        name = 'Order Completed' and amount >= 0 as bought from e;
      create view periods as select unnest(generate_series(min(p), max(p), interval '{step}')) as p from v
        where name != 'Identified' and (active or name in ('Email Delivered', 'Order Refunded', 'Ticket Solved'));
      create view act as select distinct person, p from v where active;
      create view here as select p, count(*) n from act group by p;
      create view kept as select a.p, count(*) n from act a join act b
        on a.person = b.person and b.p = a.p - interval '{step}' group by a.p;
      create view back as select p, count(*) n from act a where exists
        (select 1 from act b where b.person = a.person and b.p < a.p) group by p;
      create view buyers as select p, count(distinct person) n, count(*) orders, sum(amount) total
        from v where bought group by p;
      create view money as select p, sum(case when name = 'Order Refunded' then -abs(amount) else amount end) total
        from v where name in ('Order Completed', 'Order Refunded') group by p;
      create view mail as select p, count(*) filter (name = 'Email Opened') opened,
        count(*) filter (name = 'Email Delivered') delivered from v group by p;
      create view answers as select p, count(*) n, count(*) filter (score >= 9) - count(*) filter (score <= 6) net
        from v where name = 'Survey Answered' group by p;
      create view visit as select person, ms, n, bought, name in ('Page Viewed', 'Screen Viewed') page,
        coalesce(ms - lag(ms) over (partition by person order by ms, n) > 1800000, true)::int as starts
        from v where active;
      create view cut as select *, sum(starts) over
        (partition by person order by ms, n rows unbounded preceding) as number from visit;
      create view session as select date_trunc('{unit}', make_timestamp(min(ms) * 1000)) p, max(ms) - min(ms) as long,
        count(*) filter (page) pages, bool_or(bought) as bought from cut group by person, number;
      create view sessions as select p, count(*) n, sum(long) / 1000 as seconds, sum(pages) pages,
        count(*) filter (long <= 10000 and not bought and pages < 2) bounced from session group by p;
      create view opened as select *, lead(ms) over (partition by ticket order by ms, n) as next
        from v where name = 'Ticket Opened';
      create view solved as select o.p, o.ms, (select min(s.ms) from e s where s.name = 'Ticket Solved'
        and s.ticket = o.ticket and s.ms >= o.ms and (o.next is null or s.ms < o.next)) - o.ms as wait from opened o;
      create view tickets as select p, count(*) n, count(wait) closed, sum(wait) / 1000 as seconds,
        quantile_cont(wait, 0.9) / 1000 as p90 from solved group by p;
    """)
    rows = base.execute(f"""
      select p.p, coalesce(h.n, 0), coalesce(k.n, 0), coalesce(r.n, 0), coalesce(b.n, 0), coalesce(b.orders, 0),
        coalesce(b.total, 0), coalesce(m.total, 0), coalesce(mail.opened, 0), coalesce(mail.delivered, 0),
        coalesce(a.n, 0), coalesce(a.net, 0), coalesce(s.n, 0), coalesce(s.seconds, 0), coalesce(s.pages, 0),
        coalesce(s.bounced, 0), coalesce(t.n, 0), coalesce(t.closed, 0), coalesce(t.seconds, 0), t.p90,
        coalesce(bh.n, 0)
      from periods p left join here h using (p) left join kept k using (p) left join back r using (p)
        left join buyers b using (p) left join money m using (p) left join mail using (p)
        left join answers a using (p) left join sessions s using (p) left join tickets t using (p)
        left join here bh on bh.p = p.p - interval '{step}' order by 1""").fetchall()
    found = {}
    for (p, here, kept, back, buyers, orders, bought, money, opened, delivered, answers, net, sessions, seconds, pages,
         bounced, tickets, closed, waits, p90, before) in rows:
        label = {"day": f"{p:%Y-%m-%d}", "week": f"{p:%Y-%m-%d}", "month": f"{p:%Y-%m}",
                 "quarter": f"{p:%Y}-Q{(p.month + 2) // 3}", "year": f"{p:%Y}"}[unit]

        def put(metric, numerator, denominator, scale=1):
            value = scale * numerator / denominator if denominator else None
            found[metric, label] = (numerator, denominator, value) if denominator else None

        found["visitors", label] = (here, None, here)
        found["revenue", label] = (money, None, money)
        found["sessions", label] = (sessions, None, sessions)
        put("returningVisitors", back, here)
        put("conversionRate", buyers, here)
        put("emailOpenRate", opened, delivered)
        put("averageOrderValue", bought, orders)
        put("purchaseFrequency", orders, buyers)
        put("nps", net, answers, 100)
        put("retentionRate", kept, before)
        put("netGrowthRate", here - before, before)
        put("churnRate", before - kept, before)
        put("timeOnPlatformSeconds", seconds, sessions)
        put("pagesPerSession", pages, sessions)
        put("bounceRate", bounced, sessions)
        put("resolutionSeconds", waits, closed)
        put("resolvedShare", closed, tickets)
        found["resolutionP90Seconds", label] = (None, closed, p90) if closed else None
    return found


def near(left, right):
    if left is None or right is None:
        return left is right
    return abs(left - right) <= 1e-9 * max(1, abs(left), abs(right))


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    compared = 0
    for seed in range(count):
        dice = random.Random(seed)
        events = make(dice)
        unit = dice.choice(UNITS)
        lines = [line(event) for event in events]
        dice.shuffle(lines)
        text = "\n".join(lines) + "\n"
        run = subprocess.run([program, "--quiet", "--metrics", METRICS, "--period", unit], input=text,
                             capture_output=True, text=True, check=True)
        ours = {}
        for record in map(json.loads, run.stdout.splitlines()):
            if record["record"] != "kpi":
                continue
            result = record["result"]
            ours[record["metric"], record["period"]] = result and (
                result["numerator"], result["denominator"], result["value"])
        theirs = expected(events, unit)
        for key in sorted(set(ours) | set(theirs)):
            one, other = ours.get(key, "missing"), theirs.get(key, "missing")
            same = one == other if one is None or other is None or "missing" in (one, other) else all(
                near(a, b) for a, b in zip(one, other))
            if not same:
                with open("kpi-difference.ndjson", "w", encoding="utf-8") as left:
                    left.write(text)
                sys.exit(f"seed {seed}, --period {unit}, {key}: kpi {one}, SQL {other}; see kpi-difference.ndjson")
            compared += 1
    print(f"{count} streams, {compared} values: kpi and SQL agree")


main()
