"""Options of funnel together, by brute force: what they mean is taken from the definitions alone.

Each case draws a set of options (--order, --window, --step-window, --optional, --exclude, --hold, --count,
--value, --trend, --as-of) and a few persons, and compares every record: persons, steps, amounts, periods.

What the definitions leave open, and what is assumed:

- A step window is a second end of each try: that time after its last step. The latest event of a step
  stands for the step, since it leaves most time.
- Sessions: a time longer than --idle without any event of the person ends one. Nobody in an ended session
  can go on.
- Totals: a try has ended when it has converted or when no later event can carry it on; then the next begins
  with the next moment. Each value that is held has tries of its own.
- Holding: the value counts with which the person comes furthest, of equals one that no exclusion takes out.
  Which of several such values is shown is not compared. Each session is such a person. An excluded event
  with another value does not matter, one without a value does for all.
- A trend of persons looks at each period for itself: first steps of other periods are no first steps there.
  Sessions and tries are dated by their entries, each once.
- Of events of one step at one moment nothing says which amount counts: there are none here.
"""

import collections
import fractions
import itertools
import random
import shlex

import funnel_posthog
import funnel_reports
from funnel_persons import DAY, START, Row, outcome_of, smallest_crowd, timestamp

HOUR = 3_600_000
COUNTS = ["entered", "converted", "open", "dropped"]


class Tries(funnel_posthog.Steps):
    """PostHog's algorithm with a longest time from step to step, and tries one after the other."""

    def __init__(self, steps, window, gap, strict, optional, ranges):
        super().__init__(steps, window, strict, optional, self.excluded_steps)
        self.gap, self.ranges = gap, ranges

    def excluded_steps(self, row):
        marks = [range(first + 1, last + 1) for mark, (first, last) in enumerate(self.ranges) if row.get(f"out{mark}")]
        return tuple(sorted({step for mark in marks for step in mark}))

    def is_live(self, chain, at):
        if chain is None or at - chain.start > self.window:
            return False
        last = chain.taken[max(chain.taken)].at if chain.taken else chain.start
        return self.gap is None or at - last <= self.gap

    def open_chain(self, step, at):
        index = step - 1
        while index > 0 and not self.is_live(self.chains[index], at) and index in self.optional:
            index -= 1
        return index if self.is_live(self.chains[index], at) else None

    def going_on(self, step, at):
        index = self.open_chain(step, at)
        if index is None or self.gap is not None:
            return index
        there = self.chains[step]
        return None if there is not None and there.start == self.chains[index].start else index

    def may_go_on(self, outcome, at):
        """Whether an event of this moment could carry the person on."""
        return outcome.level < self.steps and any(
            self.is_live(chain, at) and not chain.tainted for chain in outcome.chains[1 : outcome.level + 1]
        )

    def one_after_the_other(self, rows):
        """The outcome of each try."""
        moments = [list(group) for _, group in itertools.groupby(rows, key=lambda row: row.at)]
        taken, outcome = [], None
        for moment in moments:
            if outcome and outcome.level and not self.may_go_on(outcome, moment[0].at):
                yield outcome
                taken = []
            taken = taken + moment
            outcome = self.outcome(taken)
        if outcome and outcome.level:
            yield outcome


Unit = collections.namedtuple("Unit", "outcome is_open is_certain")


class Case:
    """One set of options, and what they make of persons."""

    def __init__(self, generator, program):
        self.program = program
        self.unit = generator.choice([1000, 5 * HOUR])
        self.steps = generator.choice([2, 3, 3, 4])
        self.window = generator.choice([2, 4, 9]) * self.unit
        self.gap = generator.choice([None, None, self.unit, 2 * self.unit])
        self.order = generator.choice(["sequential", "sequential", "strict"])
        later = range(2, self.steps + 1)
        self.optional = tuple(step for step in later if generator.random() < 0.25)
        pairs = list(itertools.combinations(range(1, self.steps + 1), 2))
        self.ranges = generator.sample(pairs, min(len(pairs), generator.choice([0, 0, 1, 2])))
        self.holds = generator.choice([0, 0, 0, 1, 2])
        self.count = generator.choice(["persons", "persons", "sessions", "totals"])
        self.idle = generator.choice([1, 2, 3]) * self.unit
        self.has_value = generator.random() < 0.4
        self.trend = generator.choice([None, None, "day", "week"])
        self.as_of = generator.choice([3, 6, 12, 30]) * self.unit
        self.length = generator.choice([3, 6, 10])
        self.generator = generator

    @property
    def options(self):
        words = self.program.steps(self.steps)
        words += ["--window", f"{self.window}ms", "--order", self.order, "--as-of", timestamp(self.as_of), "--persons"]
        words += ["--step-window", f"{self.gap}ms"] if self.gap is not None else []
        words += [word for step in self.optional for word in ("--optional", str(step))]
        for mark, (first, last) in enumerate(self.ranges):
            words += ["--exclude", f"properties.out{mark}@{first}-{last}"]
        words += [word for hold in range(self.holds) for word in ("--hold", f"properties.held{hold}")]
        words += ["--count", self.count] if self.count != "persons" else []
        words += ["--idle", f"{self.idle}ms"] if self.count == "sessions" else []
        words += ["--value", "properties.amount"] if self.has_value else []
        return words + (["--trend", self.trend] if self.trend else [])

    def rows(self):
        """One person's events."""
        generator, rows, seen = self.generator, [], set()
        for number in range(generator.randint(1, self.length)):
            at = generator.randint(0, 9) * self.unit
            steps = () if generator.random() < 0.25 else (generator.randint(1, self.steps),)
            if (at, steps) in seen:
                continue
            seen.add((at, steps))
            extra = [(f"out{mark}", True) for mark in range(len(self.ranges)) if not steps and generator.random() < 0.4]
            for hold in range(self.holds):
                value = generator.choice(["x", "x", "y", None])
                extra += [(f"held{hold}", value)] if value else []
            if generator.random() < 0.7:
                extra += [("amount", generator.choice([1, 2.5, 0.1, "7.25", -3]))]
                currency = generator.choice(["EUR", "usd", None])
                extra += [("currency", currency)] if currency else []
            rows.append(Row(at, steps, f"m{number}", tuple(extra)))
        return tuple(sorted(rows, key=lambda row: (row.at, row.steps)))

    # What should come out.

    def rules(self):
        return Tries(self.steps, self.window, self.gap, self.order == "strict", self.optional, self.ranges)

    def views(self, rows):
        """For each value that is held the rows as its funnel sees them."""
        if not self.holds:
            return [rows]
        held = {row: tuple(row.get(f"held{hold}") for hold in range(self.holds)) for row in rows}
        held = {row: None if None in value else value for row, value in held.items()}
        values = {value for row, value in held.items() if row.steps and value is not None}
        return [[self.seen(row, held[row], value) for row in rows] for value in sorted(values)]

    def seen(self, row, own, value):
        if own == value:
            return row
        marks = () if own is not None else tuple(pair for pair in row.extra if pair[0].startswith("out"))
        return row._replace(steps=(), extra=marks)

    def sessions(self, rows):
        if self.count != "sessions":
            return [(rows, None)]
        parts = []
        for row in rows:
            if parts and row.at - parts[-1][-1].at <= self.idle:
                parts[-1].append(row)
            else:
                parts.append([row])
        return [(part, part[-1].at + self.idle) for part in parts]

    def units(self, rows):
        """What is counted of a person: outcomes that entered, and whether each may still go on."""
        return [unit for part, end in self.sessions(rows) for unit in self.units_of(part, end)]

    def units_of(self, rows, end):
        rules, found = self.rules(), []
        for view in self.views(rows):
            every = rules.one_after_the_other(view) if self.count == "totals" else [rules.outcome(view)]
            for outcome in every:
                is_open = rules.may_go_on(outcome, self.as_of) and (end is None or end >= self.as_of)
                found += [Unit(outcome, is_open, True)] if outcome.level else []
        if self.count == "totals" or not found:
            return found

        def rank(unit):
            return unit.outcome.level, not unit.outcome.removed

        best = max(found, key=rank)
        is_open = best.outcome.level < self.steps and any(unit.is_open for unit in found)
        return [Unit(best.outcome, is_open, sum(rank(unit) == rank(best) for unit in found) == 1)]

    def period(self, at):
        day = (START + at) // DAY
        return day if self.trend == "day" else (day + 3) // 7

    def entries(self, rows):
        """(period, unit) for each period with an entry."""
        if self.count != "persons":
            return [(self.period(unit.outcome.chain.start), unit) for unit in self.units(rows)]
        found = []
        for period in {self.period(row.at) for row in rows if 1 in row.steps}:
            others = [row.steps == (1,) and self.period(row.at) != period for row in rows]
            view = [row._replace(steps=()) if other else row for row, other in zip(rows, others)]
            found += [(period, unit) for unit in self.units_of(view, None)]
        return found

    def expected(self, persons):
        """(persons by id, records of steps, records of periods); None where the definition leaves it open."""
        listed, counted, certain, removed = {}, [], True, 0
        persons = {person: [row for row in rows if row.at <= self.as_of] for person, rows in persons.items()}
        for person, rows in persons.items():
            units = list(self.units(rows))
            removed += sum(unit.outcome.removed for unit in units)
            listed[str(person)] = sorted(
                (self.shown(unit) for unit in units if not unit.outcome.removed), key=str
            )
            certain = certain and all(unit.is_certain for unit in units)
            counted += [unit for unit in units if not unit.outcome.removed]
        listed = {person: units for person, units in listed.items() if units}
        return listed, self.step_records(counted, removed) if certain else None, self.trend_records(persons)

    def shown(self, unit):
        level, entry, times = unit.outcome.key
        return (level, entry, times) if unit.is_certain else (level,)

    def step_records(self, units, removed):
        persons = [
            funnel_reports.Person({step: row.at for step, row in unit.outcome.chain.taken.items()}, unit.is_open)
            for unit in units
        ]
        records = funnel_reports.steps_of(persons, self.steps, self.optional)
        noun = {"persons": "persons", "sessions": "sessions", "totals": "entries"}[self.count]
        for number, record in enumerate(records, 1):
            record[noun] = record.pop("persons")
            if number == 1 and self.ranges:
                record["excluded"] = removed
            if self.has_value:
                record["value"] = self.amounts([unit.outcome.chain.taken.get(number) for unit in units])
        return records

    @staticmethod
    def amounts(rows):
        sums = collections.defaultdict(list)
        for row in rows:
            if row is not None and row.get("amount") is not None:
                currency = row.get("currency")
                sums[currency.upper() if currency else ""].append(fractions.Fraction(str(row.get("amount"))))
        return [
            {"currency": code or None, "count": len(all), "sum": float(sum(all)), "mean": float(sum(all) / len(all))}
            for code, all in sorted(sums.items())
        ]

    def trend_records(self, persons):
        if not self.trend:
            return []
        counts = collections.defaultdict(collections.Counter)
        for rows in persons.values():
            for period, unit in self.entries(rows):
                if unit.outcome.removed:
                    continue
                state = "converted" if unit.outcome.level == self.steps else "open" if unit.is_open else "dropped"
                counts[period].update(["entered", state])
        periods = range(min(counts), max(counts) + 1) if counts else []
        return [{name: counts[period][name] for name in COUNTS} for period in periods]

    def differences(self, persons):
        records = self.program.records(persons, self.options)
        listed, steps, trend = self.expected(persons)
        found = collections.defaultdict(list)
        for record in records:
            if record["record"] == "funnel.person":
                found[record["userId"]].append(outcome_of(record))
        lines = []
        for person in sorted(set(listed) | set(found)):
            mine = self.comparable(listed.get(person, []), found[person])
            if mine != listed.get(person, []):
                lines.append(f"  {person}: expected {listed.get(person)}, funnel {found[person]}")
        lines += funnel_reports.differences(steps, records) if steps is not None else []
        periods = [
            {name: record[name] for name in COUNTS}
            for record in records
            if record["record"] == "funnel.trend"
        ]
        return lines + ([f"  trend: expected {trend}, funnel {periods}"] if periods != trend else [])

    @staticmethod
    def comparable(expected, found):
        """As much of each outcome as is expected of it."""
        found = sorted(found, key=str)
        short = any(len(one) == 1 for one in expected)
        if not short:
            return found
        levels = sorted(one[0] for one in found)
        return expected if levels == sorted(one[0] for one in expected) else found

    def text(self, persons):
        persons = smallest_crowd(persons, self.differences)
        people = "; ".join(" ".join(map(str, rows)) for rows in list(persons.values())[:5])
        lines = "\n".join(self.differences(persons))
        return f"  {people}\n{lines}\n    funnel {shlex.join(self.options)}"


def compare(program, count, seed, tally):
    wrong, compared, skipped = [], 0, collections.Counter()
    for number in range(max(1, count // 10)):
        case = Case(random.Random(f"options {seed} {number}"), program)
        refused = program.refuses(case.options)
        if refused:
            skipped[refused.split(":", 2)[-1]] += 1
            continue
        persons = {person: case.rows() for person in range(10)}
        persons = {person: rows for person, rows in persons.items() if rows}
        compared += len(persons)
        if case.differences(persons):
            wrong.append((case, persons))
    note = f" ({sum(skipped.values())} sets of options are refused)" if skipped else ""
    tally.part("options together", compared, wrong, lambda one: one[0].text(one[1]), note)
