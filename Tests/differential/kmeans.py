"""Compares the groups of segment --discover with scikit-learn's KMeans on the same features.

    pip install scikit-learn
    python3 Tests/differential/kmeans.py .build/release [CASES]

The features are calculated here a second time, from random events. KMeans that begins at the centres of
the groups found must stay there, person by person, and must find nothing better by 5 % from ten beginnings of
its own. Ends with status 1 where it does.
"""

import datetime
import json
import random
import subprocess
import sys

import numpy
from sklearn.cluster import KMeans

CHANNELS = ["web", "mobile", "email", "social", "ads", "shop"]
KINDS = [
    ["Page Viewed", "Screen Viewed"], ["Product Viewed", "Wishlist Product Added"],
    ["Product Added", "Checkout Started", "Order Completed"], ["Email Opened"], ["Support Asked"],
]
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def population(seed):
    """Events of persons, who are of a few sorts."""
    rng = random.Random(seed)
    sorts = []
    for _ in range(rng.randint(2, 5)):
        sorts.append({
            "count": rng.choice([3, 10, 40]), "days": rng.choice([5, 30, 60]),
            "hours": rng.choice([(0, 24), (6, 12), (18, 24)]),
            "channels": rng.sample(CHANNELS, rng.randint(1, 3)),
            "kinds": rng.sample(range(5), rng.randint(1, 4)),
        })
    events = []
    for person in range(rng.randint(60, 200)):
        sort = rng.choice(sorts)
        for _ in range(rng.randint(1, 2 * sort["count"])):
            time = START + datetime.timedelta(
                days=rng.randrange(sort["days"]), hours=rng.randrange(*sort["hours"]),
                seconds=rng.randrange(3600))
            events.append((f"p{person:04}", time, rng.choice(sort["channels"]), rng.choice(sort["kinds"]),
                           rng))
    return [(p, t, c, k, rng.choice(KINDS[k])) for p, t, c, k, rng in events]


def features(events):
    """A row of features for each person, as the help of segment names them."""
    newest = max(time for _, time, _, _, _ in events).date()
    rows = {}
    for person in sorted({event[0] for event in events}):
        own = [event for event in events if event[0] == person]
        count = len(own)
        last = max(time.date() for _, time, _, _, _ in own)
        days = len({time.date() for _, time, _, _, _ in own if (last - time.date()).days < 64})
        orders = sum(name == "Order Completed" for *_, name in own)
        row = [numpy.log1p(v) for v in (count, days, count / days, (newest - last).days, orders)]
        row.append(sum(time.weekday() >= 5 for _, time, _, _, _ in own) / count)
        row += [sum(time.hour // 6 == q for _, time, _, _, _ in own) / count for q in range(4)]
        row += [sum(channel == c for _, _, channel, _, _ in own) / count for c in CHANNELS]
        row += [sum(kind == k for _, _, _, kind, _ in own) / count for k in range(5)]
        rows[person] = row
    table = numpy.array(list(rows.values()))
    spread = table.std(axis=0)
    spread[spread < 1e-12] = 1
    return list(rows), (table - table.mean(axis=0)) / spread


def inertia(table, labels):
    return sum(((table[labels == g] - table[labels == g].mean(axis=0)) ** 2).sum() for g in set(labels))


def check(folder, seed):
    events = population(seed)
    lines = "".join(
        json.dumps({"event": name, "userId": person, "channel": channel,
                    "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ")}) + "\n"
        for person, time, channel, _, name in events)
    count = random.Random(seed).randint(2, 6)
    reports = subprocess.run(
        [f"{folder}/segment", "--quiet", "--discover", str(count), "--persons"], input=lines.encode(),
        check=True, capture_output=True).stdout
    members = {m["userId"]: m["group"] for m in map(json.loads, reports.splitlines())
               if m["record"] == "segment.member"}
    persons, table = features(events)
    assert sorted(members) == persons, "other persons"
    labels = numpy.array([members[p] - 1 for p in persons])
    groups = sorted(set(labels))
    centres = numpy.array([table[labels == g].mean(axis=0) for g in groups])
    stayed = KMeans(len(groups), init=centres, n_init=1).fit(table).labels_
    moved = int((numpy.array(groups)[stayed] != labels).sum())
    best = min(KMeans(len(groups), n_init=10, random_state=s).fit(table).inertia_ for s in (0, 1))
    return moved, len(persons), inertia(table, labels) / best


def main():
    folder = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    failures = 0
    worst = 0
    for seed in range(cases):
        moved, persons, ratio = check(folder, seed)
        worst = max(worst, ratio)
        if moved or ratio > 1.05:
            failures += 1
            print(f"population {seed}: {moved} of {persons} persons moved, inertia {ratio:.4f} of the best")
    print(f"{cases} populations, {failures} differ; the largest inertia is {worst:.4f} of scikit-learn's best")
    sys.exit(1 if failures else 0)


main()
