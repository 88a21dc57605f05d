"""Compares funnel with the ClickHouse engine and with brute forces of the other products' rules.

    python3 Tests/differential/funnel.py [--program .build/release/funnel] [--persons N] [--seed S]
        [--parts clickhouse,shop,posthog,products,reports,open,breakdowns,options] [--shop FILE]

The brute forces keep all rows of a person and follow the rules literally; nothing of the program is
used but its output. Parts that need the engine (pip install chdb==4.4.0) are skipped with a message
where it is missing, and so are those whose options the program refuses. Ends with status 1 where
anything differs; the first cases are shown small: `A@1.5` is an event at second 1.5 that fits step 1,
`AC` one that fits steps 1 and 3, `x` noise, `#m1` its messageId.

What the definitions leave open, and what is assumed here:

- windowFunnel, two of whose sets of modes depend on the order of rows within a moment: an answer that
  the engine gives for some order is right.
- PostHog, events of one moment: its answer can depend on their order too, where some fit several steps;
  any of its answers is right. How many persons would come further in another order is printed: "the
  order that helps" is not always taken.
- PostHog, an event that is excluded fits no step (its own validation sees to that).
- PostHog, optional steps: an event of a tie may stand for an optional step and for a required one, as in
  its source, which remembers the events of required steps alone.
- A longest time between steps, which no product has: the longest path there is. Between two steps of a
  strict one there are only repetitions of the first.
- `open`: at least one try, at any level, whose window ends at or after the moment of the report and that
  the rules have not ended. So a strict try is not open once another event stands in it, and one that an
  excluded event taints is not: it carries nobody on.
- Mixpanel, times: a step may come before the one before it by at most the grace, both ends included;
  without a grace any order of the events of one moment is right. The window counts from the entry, its end
  included. Of several events that fit, the first is taken; each fits one step here.
- Mixpanel, optimized re-entry: the level is that of the try that goes furthest; which entry is shown is
  not compared.
- Mixpanel, exclusion: an event within the grace of either step does not count, without a grace one of the
  same moment; the level that was reached stays.
- Amplitude: times are cut to whole seconds, the window too; of events of one second that are alike one
  counts. Exact order: nothing between but in the seconds of the steps themselves, also no repetition.
- Breakdowns: a value is looked for in every event that fits a step, not only in those of the chain;
  `first` without a value is the value null.
"""

import argparse
import collections
import functools
import itertools
import os
import shlex
import sys
import tempfile

import funnel_breakdowns
import funnel_engine
import funnel_options
import funnel_posthog
import funnel_products
import funnel_reports
import funnel_shop
from funnel_persons import Crowd, Program, Tally, smallest, timestamp

WINDOWS = [0, 1, 2500, 4000, 9000, 14 * 86_400_000]


def marked(generator, steps):
    """Rows that fit no step may be excluded ones."""
    return (("out", not steps and generator.random() < 0.5),)


def excluding(first, last):
    """The steps that an excluded row may not come before, for `--exclude …@first-last`."""
    return lambda row: tuple(range(first + 1, last + 1)) if row.get("out") else ()


def subsets(steps):
    """All but the empty one."""
    return [some for size in range(1, len(steps) + 1) for some in itertools.combinations(steps, size)]


def posthog_rules(steps, window):
    """(name, options, rules, extra of the rows)."""
    ranges = list(itertools.combinations(range(1, steps + 1), 2))
    for order in ["sequential", "strict"]:
        strict = order == "strict"
        options = ["--order", order]
        yield order, options, funnel_posthog.Steps(steps, window, strict), None
        for first, last in [(1, steps), *ranges]:
            part = f"@{first}-{last}" if (first, last) in ranges else ""
            rules = funnel_posthog.Steps(steps, window, strict, excluded=excluding(first, last))
            yield f"{order} excluding", [*options, "--exclude", f"properties.out{part}"], rules, marked
        for left_out in subsets(range(2, steps + 1)):
            without = [word for step in left_out for word in ("--optional", str(step))]
            rules = funnel_posthog.Steps(steps, window, strict, left_out)
            yield f"{order} optional", options + without, rules, None
            rules = funnel_posthog.Steps(steps, window, strict, left_out, excluding(1, steps))
            ranged = [*without, "--exclude", "properties.out"]
            yield f"{order} optional excluding", options + ranged, rules, marked
        for gap in [0, 500, 2000]:
            rules = funnel_products.StepWindow(steps, window, gap, strict)
            yield f"{order} step window", [*options, "--step-window", f"{gap}ms"], rules, None
    options = ["--order", "any"]
    yield "any order", options, funnel_posthog.AnyOrder(steps, window), None
    rules = funnel_posthog.AnyOrder(steps, window, excluded=lambda row: row.get("out"))
    yield "any order excluding", [*options, "--exclude", "properties.out"], rules, marked


def mixpanel_rules(steps, window):
    for grace in [2000, 0, 500]:
        options = [] if grace == 2000 else ["--tie-grace", f"{grace}ms"]
        yield "first entry", options, funnel_products.Mixpanel(steps, window, grace), None
        rules = funnel_products.Mixpanel(steps, window, grace, optimized=True)
        yield "optimized", [*options, "--reentry", "optimized"], rules, None
        rules = funnel_products.Mixpanel(steps, window, grace, excluded=excluding(1, steps))
        yield "excluding", [*options, "--exclude", "properties.out"], rules, marked


def amplitude_rules(steps, window):
    for order in ["sequential", "strict"]:
        yield order, ["--order", order], funnel_products.Amplitude(steps, window, order == "strict"), None


def posthog(program, count, seed, tally):
    """An outcome that PostHog gives for some order of the events of one moment."""
    compare("posthog", program, count, seed, tally, posthog_rules)


def products(program, count, seed, tally):
    """Mixpanel's and Amplitude's documentation."""
    compare("mixpanel", program, count, seed, tally, mixpanel_rules)
    compare("amplitude", program, count, seed, tally, amplitude_rules)


def compare(product, program, count, seed, tally, rules_of):
    """Each of the product's rules in each window, about `count` persons for each name of rules."""
    found, skipped = {}, {}
    for number, window in enumerate(WINDOWS):
        steps = [2, 3, 4][number % 3]
        variants = list(rules_of(steps, window))
        names = collections.Counter(name for name, *_ in variants)
        for name, own, rules, extra in variants:
            options = program.steps(steps) + ["--semantics", product, "--window", f"{window}ms", *own]
            refused = program.refuses(options)
            if refused:
                skipped[name] = refused
                continue
            noise = [0.3] if extra else [0, 0, 0.2]
            people = count // len(WINDOWS) // names[name]
            crowd = Crowd(f"{product} {seed} {number}", people, steps, extra, rules.rich, noise)
            expected = functools.lru_cache(None)(functools.partial(possible, rules))
            ours, cases = differing(program, crowd.persons, options, rules, expected)
            below = sum(
                ours.get(str(person), (0,))[0] < max(map(level_of, expected(rows)))
                for person, rows in crowd.persons.items()
            )
            part = found.setdefault(name, [0, [], 0])
            found[name] = [part[0] + len(crowd.persons), part[1] + cases, part[2] + below]
    for name, reason in skipped.items():
        print(f"{product} {name}: skipped, {reason}")
    for name, (compared, wrong, below) in found.items():
        note = f" ({below} come further in another order of a tie)" if below else ""
        tally.part(f"{product} {name}", compared, wrong, show, note)


def level_of(outcome):
    return outcome[0] if outcome else 0


def possible(rules, rows):
    """The outcomes that the orders of ties give."""
    return {rules.key(order) for order in rules.orders(rows)}


def reports(program, count, seed, tally):
    """The numbers of each step. `open` is who has a try, at any level, that can still go on."""
    for name, optional, excluded in [("", (), False), (" optional", (2, 3), False), (" excluding", (), True)]:
        wrong, compared = [], 0
        for number, as_of in enumerate([2500, 4000, 9000, 20_000]):
            steps, people = [4, 2, 3][number % 3], [count // 4, 9][number % 2]
            left_out = tuple(step for step in optional if step <= steps)
            extra, noise = (marked, [0.3]) if excluded else (None, [0, 0.2])
            crowd = Crowd(f"reports {seed} {number}", people, steps, extra, rich=0, noise=noise)
            for order in ["sequential", "strict"]:
                taint = excluding(1, steps) if excluded else lambda row: ()
                rules = funnel_posthog.Steps(steps, 3000, order == "strict", left_out, taint)
                options = program.steps(steps) + ["--window", "3s", "--as-of", timestamp(as_of), "--order", order]
                options += [word for step in left_out for word in ("--optional", str(step))]
                options += ["--exclude", "properties.out"] if excluded else []
                refused = program.refuses(options)
                if refused:
                    continue
                persons = [person_of(rules, rows, as_of) for rows in crowd.persons.values()]
                expected = funnel_reports.steps_of(persons, steps, left_out)
                lines = funnel_reports.differences(expected, program.records(crowd.persons, options))
                compared += sum(map(len, expected))
                wrong += [f"{line}\n    funnel {shlex.join(options)}" for line in lines]
        tally.part(f"reports of steps{name}", compared, wrong, str)


def open_persons(program, count, seed, tally):
    """Of those who did not reach a step, who may still: by the window of the entry that counts."""
    wrong, compared, steps, window = [], 0, 3, 4000
    every = {
        "posthog --order any": funnel_posthog.AnyOrder(steps, window),
        "mixpanel": funnel_products.Mixpanel(steps, window),
        "mixpanel --reentry optimized": funnel_products.Mixpanel(steps, window, optimized=True),
        "amplitude": funnel_products.Amplitude(steps, window),
    }
    for words, rules in every.items():
        options = [*program.steps(steps), "--window", "4s", "--semantics", *words.split()]
        if program.refuses(options):
            continue
        for as_of in [3000, 9000, 20_000]:
            crowd = Crowd(f"open {seed} {as_of}", count // 4, steps, rich=0)
            expected = [{"persons": 0, "open": 0, "step": step} for step in range(1, steps + 1)]
            for rows in crowd.persons.values():
                rows = [row for row in rows if row.at <= as_of]
                level = level_of(rules.key(rows))
                for report in expected[:level]:
                    report["persons"] += 1
                if 0 < level < steps:
                    expected[level]["open"] += rules.still_open(rows, as_of)
            del expected[0]["open"]
            dated = [*options, "--as-of", timestamp(as_of)]
            lines = funnel_reports.differences(expected, program.records(crowd.persons, dated))
            compared += sum(map(len, expected))
            wrong += [f"{line}\n    funnel {shlex.join(dated)}" for line in lines]
    tally.part("persons who may still go on", compared, wrong, str)


def person_of(rules, rows, as_of):
    """Where every event fits one step, the order of ties does not matter."""
    outcome = rules.outcome([row for row in rows if row.at <= as_of])
    if outcome.removed or not outcome.chain:
        return funnel_reports.Person({}, False)
    tries = outcome.chains[1 : outcome.level + 1]
    still_open = any(
        chain and not chain.tainted and chain.start + rules.window >= as_of for chain in tries
    )
    return funnel_reports.Person({step: row.at for step, row in outcome.chain.taken.items()}, still_open)


def differing(program, persons, options, rules, expected):
    """What the program says of each person, and cases (program, options, rules, expected, rows) of those
    whose outcome is none of the expected."""
    ours = program.persons(persons, options)
    return ours, [
        (program, options, rules, expected, rows)
        for person, rows in persons.items()
        if rules.comparable(ours.get(str(person))) not in expected(rows)
    ]


def show(case):
    program, options, rules, expected, rows = case
    rows = smallest(rows, lambda rows: bool(differing(program, {0: rows}, options, rules, expected)[1]))
    ours = program.persons({0: rows}, options).get("0")
    wanted = " or ".join(map(str, expected(rows)))
    return f"  {' '.join(map(str, rows))}: expected {wanted}, funnel {ours}\n    funnel {shlex.join(options)}"


PARTS = {
    "posthog": posthog,
    "products": products,
    "reports": reports,
    "open": open_persons,
    "breakdowns": funnel_breakdowns.compare,
    "options": funnel_options.compare,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/funnel")
    parser.add_argument("--persons", type=int, default=600)
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
