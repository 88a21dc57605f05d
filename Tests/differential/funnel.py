"""Compares funnel with the ClickHouse engine and with brute forces of the other products' rules.

    python3 Tests/differential/funnel.py [--program .build/release/funnel] [--persons N] [--seed S]
        [--parts clickhouse,shop,posthog,…] [--shop FILE]

The brute forces keep all rows of a person and follow the rules literally; nothing of the program is
used but its output. Parts that need the engine (pip install chdb==4.4.0) are skipped with a message
where it is missing, and so are those whose options the program does not offer. Ends with status 1
where anything differs; the first cases are shown small: `A@1.5` is an event at second 1.5 that fits
step 1, `AC` one that fits steps 1 and 3, `x` noise.
"""

import argparse
import functools
import os
import shlex
import sys
import tempfile

import funnel_engine
import funnel_posthog
import funnel_shop
from funnel_persons import Crowd, Program, Tally, smallest

WINDOWS = [0, 1, 2500, 4000, 9000, 14 * 86_400_000]


def posthog(program, count, seed, tally):
    """Sequential and strict: an outcome that PostHog gives for some order of the events of one moment."""
    for order in ["sequential", "strict"]:
        wrong, compared, below = [], 0, 0
        for number, window in enumerate(WINDOWS):
            steps = [2, 3, 4][number % 3]
            crowd = Crowd(f"posthog {seed} {number}", count // len(WINDOWS), steps)
            options = program.steps(steps) + ["--window", f"{window}ms", "--order", order]
            rules = funnel_posthog.Steps(steps, window, strict=order == "strict")
            expected = functools.lru_cache(None)(functools.partial(possible, rules))
            ours, cases = differing(program, crowd.persons, options, expected)
            wrong += cases
            compared += len(crowd.persons)
            below += sum(
                ours.get(str(person), (0,))[0] < max(level_of(outcome) for outcome in expected(rows))
                for person, rows in crowd.persons.items()
            )
        note = f" ({below} come further in another order of a tie)" if below else ""
        tally.part(f"posthog {order}", compared, wrong, show, note)


def level_of(outcome):
    return outcome[0] if outcome else 0


def possible(rules, rows):
    """The outcomes that the orders of ties give."""
    return {rules.outcome(order).key for order in funnel_posthog.orders(rows)}


def differing(program, persons, options, expected):
    """What the program says of each person, and cases (program, options, expected, rows) of those
    whose outcome is none of the expected."""
    ours = program.persons(persons, options)
    return ours, [
        (program, options, expected, rows)
        for person, rows in persons.items()
        if ours.get(str(person)) not in expected(rows)
    ]


def show(case):
    program, options, expected, rows = case
    rows = smallest(rows, lambda rows: bool(differing(program, {0: rows}, options, expected)[1]))
    ours = program.persons({0: rows}, options).get("0")
    wanted = " or ".join(map(str, expected(rows)))
    return f"  {' '.join(map(str, rows))}: expected {wanted}, funnel {ours}\n    funnel {shlex.join(options)}"


PARTS = {"posthog": posthog}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/funnel")
    parser.add_argument("--persons", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", default=",".join(["clickhouse", "shop", *PARTS]))
    parser.add_argument("--shop", default="../shared/data/shop/ecom_events.ndjson")
    arguments = parser.parse_args()
    program, tally = Program(os.path.abspath(arguments.program)), Tally()
    parts = arguments.parts.split(",")
    engine = funnel_engine.opened() if {"clickhouse", "shop"} & set(parts) else None
    with tempfile.TemporaryDirectory() as folder:
        if engine and "clickhouse" in parts:
            funnel_engine.compare(engine, program, arguments.persons, arguments.seed, tally, folder)
        if engine and "shop" in parts:
            funnel_shop.compare(engine, program, arguments.shop, tally, folder)
    for name in parts:
        if name in PARTS:
            PARTS[name](program, arguments.persons, arguments.seed, tally)
    print(f"{tally.compared} compared, {tally.differing} differ")
    sys.exit(1 if tally.differing else 0)


if __name__ == "__main__":
    main()
