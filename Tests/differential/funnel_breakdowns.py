"""Breakdowns by a property of the events, with PostHog's four attributions, by brute force.

A person's value is looked for in every event that fits some step, of the chain or not; null is no
value. `all`: the funnel of each value sees the events that carry it alone. `step:N`: the event taken for
step N carries the value, and who has none there is in no funnel.
"""

import collections
import shlex

import funnel_posthog
from funnel_persons import Crowd, smallest_crowd

COLOURS = ["red", "green", "blue", None]
ATTRIBUTIONS = ["first", "last", "all"]


def coloured(generator, steps):
    return (("by", generator.choice(COLOURS)),)


def apart(rows):
    """No two rows at one moment: nothing says which is the first value."""
    return tuple(row._replace(at=row.at + 7 * index) for index, row in enumerate(rows))


def values(rows):
    return [row.get("by") for row in rows if row.steps and row.get("by") is not None]


def funnels(rows, steps, window, strict, attribution):
    """(value, level) of each funnel that the person is in."""
    plain = funnel_posthog.Steps(steps, window, strict)
    found = values(rows)
    if attribution in ("first", "last"):
        value = found[0 if attribution == "first" else -1] if found else None
        yield value, plain.outcome(rows).level
    elif attribution == "all":
        for value in {row.get("by") for row in rows if row.steps}:
            yield value, plain.outcome([row for row in rows if row.get("by") == value]).level
    else:
        at_step = int(attribution.split(":")[1])
        carriers = [row for row in rows if at_step in row.steps]
        for value in set(values(carriers)):

            def allowed(step, row, value=value):
                return step != at_step or row.get("by") == value

            rules = funnel_posthog.Steps(steps, window, strict, allowed=allowed)
            yield value, rules.outcome(rows).level


def expected_counts(persons, *rules):
    """{(value, step): persons}."""
    counts = collections.Counter()
    for rows in persons.values():
        for value, level in funnels(rows, *rules):
            for step in range(1, level + 1):
                counts[value, step] += 1
    return counts


def reported_counts(records):
    return collections.Counter(
        {
            (*record["by"].values(), record["step"]): record["persons"]
            for record in records
            if record["record"] == "funnel.step" and record["persons"]
        }
    )


def compare(program, count, seed, tally):
    for order in ["sequential", "strict"]:
        for number, attribution in enumerate([None, *ATTRIBUTIONS, "step:1", "step:2", "step:3"]):
            steps, window = [3, 4][number % 2], [2500, 9000][number // 2 % 2]
            crowd = Crowd(f"by {seed} {number}", count // 7, steps, coloured, rich=0)
            persons = {person: apart(rows) for person, rows in crowd.persons.items()}
            options = program.steps(steps) + ["--window", f"{window}ms", "--order", order]
            options += ["--by", "properties.by"]
            options += ["--attribution", attribution] if attribution else []
            name = f"breakdown {order} {attribution or 'by default'}"
            refused = program.refuses(options)
            if refused:
                print(f"{name}: skipped, {refused}")
                continue
            rules = (steps, window, order == "strict", attribution or "first")
            case = Case(program, options, rules)
            wrong = case.differences(persons)
            shown = [case.text(smallest_crowd(persons, case.differences))] if wrong else []
            tally.part(name, len(expected_counts(persons, *rules)), wrong, lambda _: shown.pop() if shown else "")


class Case:
    def __init__(self, program, options, rules):
        self.program, self.options, self.rules = program, options, rules

    def differences(self, persons):
        expected = expected_counts(persons, *self.rules)
        found = reported_counts(self.program.records(persons, self.options))
        return [
            f"{value}, step {step}: expected {expected[value, step]}, funnel {found[value, step]}"
            for value, step in sorted(set(expected) | set(found), key=str)
            if expected[value, step] != found[value, step]
        ]

    def text(self, persons):
        people = "; ".join(" ".join(map(str, rows)) for rows in list(persons.values())[:5])
        return f"  {people}: {'; '.join(self.differences(persons))}\n    funnel {shlex.join(self.options)}"
