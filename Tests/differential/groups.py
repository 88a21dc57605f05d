"""Compares segment --discover with the groups that simulate planted, .

    pip install scikit-learn
    python3 Tests/differential/groups.py .build/release [PERSONS]

Prints the adjusted Rand index of the planted groups and of those found, by scikit-learn's own code, for
several populations. Ends with status 1 where one is below 0.9.
"""

import json
import subprocess
import sys

from sklearn.metrics import adjusted_rand_score

POPULATIONS = [
    ["--seed", "1", "--visits", "12"], ["--seed", "2", "--visits", "12"],
    ["--seed", "3", "--visits", "25"], ["--seed", "4", "--visits", "25", "--activity", "5"],
    ["--seed", "5", "--visits", "20", "--activity", "3", "--days", "180"],
]


def index(folder, persons, options):
    events = subprocess.run(
        [f"{folder}/simulate", "--groups", "--persons", persons, "--bots", "0", "--broken", "0", *options],
        check=True, capture_output=True).stdout
    planted = {}
    for line in events.splitlines():
        event = json.loads(line)
        for key in ("userId", "anonymousId"):
            if key in event:
                planted[event[key]] = event["plantedGroup"]
    reports = subprocess.run(
        [f"{folder}/segment", "--quiet", "--discover", "4", "--persons"],
        input=events, check=True, capture_output=True).stdout
    members = [json.loads(line) for line in reports.splitlines() if b'"segment.member"' in line]
    ids = [member.get("userId") or member.get("anonymousId") for member in members]
    return adjusted_rand_score([planted[i] for i in ids], [member["group"] for member in members])


def main():
    folder = sys.argv[1]
    persons = sys.argv[2] if len(sys.argv) > 2 else "800"
    found = [index(folder, persons, options) for options in POPULATIONS]
    for options, value in zip(POPULATIONS, found):
        print(f"{value:.4f}  {' '.join(options)}")
    sys.exit(0 if min(found) >= 0.9 else 1)


main()
