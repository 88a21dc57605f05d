"""Compares funnel's levels with ClickHouse's windowFunnel on random persons.

    pip install chdb==4.4.0
    python3 Tests/differential/clickhouse.py .build/release/funnel [PERSONS] [SEED]

The engine takes events of one step and moment as they come, funnel takes them in an order of its
own; so the events are given to the engine in that order: by time, then by their steps. Ends with
status 1 where a level differs.
"""

import collections
import itertools
import json
import random
import subprocess
import sys
import tempfile

import chdb

MODES = ["strict_deduplication", "strict_order", "strict_increase", "strict_once"]
STEPS = 3
START = 1_772_323_200


def mode_sets():
    for bits in itertools.product([False, True], repeat=len(MODES)):
        modes = [mode for mode, is_set in zip(MODES, bits) if is_set]
        yield modes
        if "strict_order" in modes:
            yield modes + ["allow_reentry"]


def persons(count, seed):
    """Events of each person as (second, steps): short spans make ties and repeats many."""
    generator = random.Random(seed)
    for person in range(count):
        span = generator.choice([2, 6, 14])
        events = [
            (
                generator.randint(0, span),
                tuple(step for step in range(1, STEPS + 1) if generator.random() < 0.35),
            )
            for _ in range(generator.randint(1, 8))
        ]
        for second, steps in sorted(events):
            yield person, second, steps


def engine_levels(path, window, modes):
    words = "".join(f", '{mode}'" for mode in modes)
    conditions = ", ".join(f"has(steps, {step})" for step in range(1, STEPS + 1))
    rows = chdb.query(
        f"SELECT person, windowFunnel({window}{words})(toDateTime({START} + second), {conditions})"
        f" AS level FROM file('{path}', JSONEachRow,"
        " 'person UInt32, second UInt32, steps Array(UInt8)') GROUP BY person"
        " SETTINGS max_threads = 1",
        "TabSeparated",
    )
    return {
        int(person): int(level)
        for person, level in (line.split("\t") for line in str(rows).splitlines())
    }


def our_levels(program, path, window, modes):
    command = [program, "--semantics", "clickhouse", "--window", f"{window}s", "--persons"]
    for step in range(1, STEPS + 1):
        command += ["--step", f"S{step}={step} in properties.steps"]
    if modes:
        command += ["--mode", ",".join(modes)]
    output = subprocess.run(command + [path], check=True, capture_output=True).stdout
    levels = collections.Counter()
    for line in output.splitlines():
        record = json.loads(line)
        if record["record"] == "funnel.person":
            levels[int(record["userId"])] = record["level"]
    return levels


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/rows.json", "w") as rows, open(f"{folder}/events.nd", "w") as events:
            for person, second, steps in persons(count, seed):
                rows.write(
                    json.dumps({"person": person, "second": second, "steps": steps}) + "\n"
                )
                event = {
                    "event": "E",
                    "userId": str(person),
                    "timestamp": START + second,
                    "properties": {"steps": steps},
                }
                events.write(json.dumps(event, separators=(",", ":")) + "\n")
        differing = 0
        for modes in mode_sets():
            for window in [0, 4]:
                theirs = engine_levels(f"{folder}/rows.json", window, modes)
                ours = our_levels(program, f"{folder}/events.nd", window, modes)
                wrong = [person for person in theirs if theirs[person] != ours[person]]
                differing += len(wrong)
                name = ",".join(modes) or "default"
                print(f"{name} window {window}s: {len(wrong)} of {len(theirs)} differ", flush=True)
                for person in wrong[:3]:
                    print(f"  person {person}: engine {theirs[person]}, funnel {ours[person]}")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
