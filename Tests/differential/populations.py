"""Compares segment's built-in populations with SQL over the same events in DuckDB.

    pip install duckdb
    python3 Tests/differential/populations.py .build/release [PERSONS] [SEED]

The queries know nothing of segment: they are written from the definitions. Compared are, on simulated
events, lifecycle at the end of every day, week and month; the RFM groups, exact and nested; the value
tiers; the channels. Ends with status 1 where a number differs.
"""

import collections
import json
import subprocess
import sys
import tempfile

import duckdb

PASSIVE = ["Email Delivered"]
NEITHER = ["Ticket Solved"]
GROUPS = """
    CASE WHEN r = 5 AND f + m >= 9 THEN 'champions' WHEN r >= 4 AND f + m >= 7 THEN 'loyal'
         WHEN r >= 4 AND f + m >= 4 THEN 'potential-loyalist' WHEN r >= 4 THEN 'new'
         WHEN r = 3 AND f + m >= 7 THEN 'need-attention' WHEN r = 3 THEN 'about-to-sleep'
         WHEN f + m >= 7 THEN 'at-risk' ELSE 'hibernating' END
"""


def segment(folder, path, *options):
    command = [f"{folder}/segment", "--quiet", "--populations", *options, path]
    output = subprocess.run(command, check=True, capture_output=True).stdout
    counts = collections.Counter()
    for line in output.splitlines():
        record = json.loads(line)
        if record["record"] == "segment.population" and record["persons"]:
            counts[(record.get("period"), record["segment"])] = record["persons"]
    return counts


def fifth(value, within=""):
    """The fifth of the middle of equal values: 1 + floor(5 (2 below + equal) / (2 n))."""
    partition = f"PARTITION BY {within}" if within else ""
    return f"""least(5, 1 + (5 * (2 * (rank() OVER ({partition} ORDER BY {value}) - 1)
        + count(*) OVER (PARTITION BY {within + ',' if within else ''} {value})))
        // (2 * count(*) OVER ({partition})))"""


def load(path):
    database = duckdb.connect()
    database.execute(f"""
        CREATE TABLE raw AS SELECT event, userId, anonymousId, "timestamp"::TIMESTAMP AS time, channel,
          TRY_CAST(properties->>'revenue' AS DECIMAL(18, 2)) AS revenue
        FROM read_json('{path}', format = 'newline_delimited', columns = {{event: 'VARCHAR',
          userId: 'VARCHAR', anonymousId: 'VARCHAR', "timestamp": 'VARCHAR', channel: 'VARCHAR',
          properties: 'JSON'}})""")
    # In simulated events an anonymous id belongs to one user at most, and an event with both says so.
    database.execute("""
        CREATE TABLE owners AS SELECT anonymousId AS id, min(userId) AS owner FROM raw
          WHERE anonymousId IS NOT NULL AND userId IS NOT NULL GROUP BY 1""")
    names = ", ".join(f"'{name}'" for name in PASSIVE + NEITHER)
    database.execute(f"""
        CREATE TABLE events AS SELECT raw.*, coalesce(userId, owner, anonymousId) AS person,
          event NOT IN ({names}) AS active FROM raw LEFT JOIN owners ON anonymousId = id""")
    return database


def lifecycle(database, period):
    """PostHog's stages as they stand at the end of each period; dormant lasts."""
    return f"""
      WITH bounds AS (SELECT date_trunc('{period}', min(time)) AS low,
             date_trunc('{period}', max(time)) AS high FROM events),
      periods AS (SELECT unnest(generate_series(low, high, INTERVAL 1 {period})) AS p FROM bounds),
      created AS (SELECT person, date_trunc('{period}', min(time)) AS c FROM events GROUP BY 1),
      active AS (SELECT DISTINCT person, date_trunc('{period}', time) AS a FROM events WHERE active),
      firsts AS (SELECT person, min(a) AS first FROM active GROUP BY 1),
      stages AS (SELECT p, created.person, CASE
          WHEN now.a IS NULL THEN 'dormant' WHEN c = p THEN 'new'
          WHEN before.a IS NOT NULL THEN 'returning' ELSE 'resurrected' END AS stage
        FROM periods CROSS JOIN created JOIN firsts ON firsts.person = created.person AND first <= p
        LEFT JOIN active AS now ON now.person = created.person AND now.a = p
        LEFT JOIN active AS before ON before.person = created.person
          AND before.a = p - INTERVAL 1 {period})
      SELECT p, 'lifecycle:' || stage, count(*) FROM stages GROUP BY ALL"""


def rfm(within):
    nested = "r" if within else ""
    return f"""
      WITH buyers AS (SELECT person, max(time::DATE) AS day, count(*) AS orders, sum(revenue) AS money
        FROM events WHERE event = 'Order Completed' GROUP BY 1),
      recency AS (SELECT *, {fifth('day')} AS r FROM buyers),
      codes AS (SELECT *, {fifth('orders', nested)} AS f, {fifth('money', nested)} AS m FROM recency)
      SELECT NULL, 'rfm:' || {GROUPS}, count(*) FROM codes GROUP BY ALL"""


VALUE = f"""
  WITH buyers AS (SELECT person, sum(revenue) AS money FROM events
    WHERE event = 'Order Completed' GROUP BY 1),
  fifths AS (SELECT person, {fifth('money')} AS m FROM buyers)
  SELECT NULL, 'value:' || CASE WHEN m IS NULL THEN 'none' WHEN m = 5 THEN 'high'
    WHEN m = 1 THEN 'low' ELSE 'medium' END, count(DISTINCT events.person)
  FROM events LEFT JOIN fifths ON fifths.person = events.person GROUP BY ALL"""

CHANNEL = """
  WITH counts AS (SELECT person, channel, count(*) AS n,
      list_position(['web', 'mobile', 'email', 'social', 'ads', 'push', 'sms', 'survey', 'support',
        'shop', 'crm'], channel) AS place FROM events WHERE active AND channel IS NOT NULL GROUP BY ALL),
  best AS (SELECT person, channel FROM counts
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY n DESC, place) = 1)
  SELECT NULL, 'channel:' || channel, count(*) FROM best GROUP BY ALL"""


def compare(name, ours, database, query, label=str):
    theirs = {
        (label(period) if period is not None else None, segment): count
        for period, segment, count in database.execute(query).fetchall()
    }
    differences = [
        (key, ours.get(key, 0), theirs.get(key, 0))
        for key in sorted(set(ours) | set(theirs), key=str)
        if ours.get(key, 0) != theirs.get(key, 0)
    ]
    print(f"{name}: {len(theirs)} numbers, {len(differences)} differ", *differences[:5])
    return not differences


def main():
    folder = sys.argv[1]
    persons = sys.argv[2] if len(sys.argv) > 2 else "3000"
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as file:
        clean = ["--bots", "0", "--broken", "0", "--duplicates", "0", "--late", "5"]
        subprocess.run(
            [f"{folder}/simulate", "--persons", persons, "--seed", seed, "--visits", "5", *clean],
            check=True, stdout=file)
        database = load(file.name)
        results = []
        for period, width in [("day", 10), ("week", 10), ("month", 7)]:
            ours = segment(folder, file.name, "--builtin", "lifecycle", "--period", period)
            query = lifecycle(database, period)
            results.append(
                compare(f"lifecycle by {period}", ours, database, query, lambda p: str(p)[:width]))
        for options in [[], ["--rfm-nested"]]:
            ours = segment(folder, file.name, "--builtin", "rfm", *options)
            results.append(
                compare(" ".join(["rfm", *options]), ours, database, rfm(bool(options))))
        for family, query in [("value", VALUE), ("channel", CHANNEL)]:
            ours = segment(folder, file.name, "--builtin", family)
            results.append(compare(family, ours, database, query))
    sys.exit(0 if all(results) else 1)


main()
