"""funnel --semantics clickhouse against windowFunnel of the ClickHouse engine itself.

The engine gets each person's rows several times, each time in another order. A set of modes whose
answers are the same for all of them does not depend on the order of rows: there each level must be
equal. In the other sets the level must be one that the engine gives for some order of the rows.
"""

import collections
import itertools
import math
import random

import funnel_persons
from funnel_persons import START, Crowd, Program, smallest

MODES = ["strict_deduplication", "strict_order", "strict_increase", "strict_once"]
COPIES = 4
MOST_ORDERS = 720


def mode_sets():
    for size in range(len(MODES) + 1):
        for modes in itertools.combinations(MODES, size):
            yield modes
            if "strict_order" in modes:
                yield modes + ("allow_reentry",)


class Engine:
    def __init__(self):
        from chdb.session import Session  # the comparison is skipped where it is missing

        self.session = Session()

    def levels(self, path, window, steps, sets):
        """{(set of modes, person): levels over the copies}."""
        conditions = ", ".join(f"has(steps, {step})" for step in range(1, steps + 1))
        columns = ", ".join(
            f"windowFunnel({', '.join([str(window), *map(repr, modes)])})(at, {conditions})" for modes in sets
        )
        table = f"file('{path}', TSV, 'person String, copy UInt16, at UInt64, steps Array(UInt8)')"
        text = self.session.query(
            f"SELECT person, {columns} FROM {table} GROUP BY person, copy SETTINGS max_threads = 1",
            "TabSeparated",
        )
        found = {}
        for answer in str(text).splitlines():
            person, *levels = answer.split("\t")
            for modes, level in zip(sets, levels):
                found.setdefault((modes, person), set()).add(int(level))
        return found


def write(path, persons, copies_of):
    with open(path, "w", encoding="utf-8") as file:
        for person, rows in persons.items():
            for copy, order in enumerate(copies_of(rows)):
                for row in order:
                    steps = ",".join(map(str, row.steps))
                    file.write(f"{person}\t{copy}\t{START + row.at}\t[{steps}]\n")


def shuffles(generator):
    def some(rows):
        for _ in range(COPIES):
            rows = list(rows)
            generator.shuffle(rows)
            yield rows

    return some


def moments(rows):
    return [list(group) for _, group in itertools.groupby(sorted(rows), key=lambda row: row.at)]


def too_many_orders(rows):
    return math.prod(math.factorial(len(group)) for group in moments(rows)) > MOST_ORDERS


def every_order(rows):
    """Every order of the rows of one moment; the engine sorts the moments itself."""
    groups = moments(rows)
    for order in itertools.product(*map(itertools.permutations, groups)):
        yield [row for group in order for row in group]


class Comparison:
    """One crowd in one window, all sets of modes."""

    def __init__(self, engine, program: Program, crowd: Crowd, window, folder):
        self.engine, self.program, self.crowd, self.window = engine, program, crowd, window
        self.path, self.events = f"{folder}/rows.tsv", f"{folder}/events.ndjson"

    def options(self, modes):
        mode = ["--mode", ",".join(modes)] if modes else []
        window = ["--semantics", "clickhouse", "--window", f"{self.window}ms"]
        return self.program.steps(self.crowd.steps) + window + mode

    def our_levels(self, sets):
        funnel_persons.write(self.events, self.crowd.persons)
        return [self.program.levels(self.events, self.options(modes)) for modes in sets]

    def our_level(self, rows, modes):
        funnel_persons.write(self.events, {0: rows})
        return self.program.levels(self.events, self.options(modes))["0"]

    def theirs_in_every_order(self, persons, modes):
        write(self.path, persons, every_order)
        found = self.engine.levels(self.path, self.window, self.crowd.steps, [modes])
        return {person: found[modes, str(person)] for person in persons}

    def results(self, generator):
        """For each set of modes (set, how many persons have several answers, persons that differ)."""
        persons, sets = self.crowd.persons, list(mode_sets())
        write(self.path, persons, shuffles(generator))
        ours = dict(zip(sets, self.our_levels(sets)))
        theirs = self.engine.levels(self.path, self.window, self.crowd.steps, sets)
        for modes in sets:
            several = sum(len(theirs[modes, str(person)]) > 1 for person in persons)
            wrong = [person for person in persons if {ours[modes][str(person)]} != theirs[modes, str(person)]]
            if several:
                wrong = {
                    person: persons[person]
                    for person in wrong
                    if ours[modes][str(person)] not in theirs[modes, str(person)]
                    and not too_many_orders(persons[person])
                }
                every = self.theirs_in_every_order(wrong, modes) if wrong else {}
                wrong = [person for person in wrong if ours[modes][str(person)] not in every[person]]
            yield modes, several, wrong

    def show(self, person, modes):
        def differs(rows):
            return self.our_level(rows, modes) not in self.theirs_in_every_order({0: rows}, modes)[0]

        rows = self.crowd.persons[person]
        if not differs(rows):
            return f"  {person}: not by itself"
        rows = smallest(rows, differs)
        theirs = self.theirs_in_every_order({0: rows}, modes)[0]
        return (
            f"  {' '.join(map(str, rows))}, {self.crowd.steps} steps, window {self.window / 1000:g}s: "
            f"engine {sorted(theirs)}, funnel {self.our_level(rows, modes)}"
        )


class Sum:
    """What several comparisons say of each set of modes."""

    def __init__(self, name):
        self.name = name
        self.compared = collections.Counter()
        self.several = collections.Counter()
        self.wrong = {modes: [] for modes in mode_sets()}

    def add(self, comparison, generator):
        for modes, several, wrong in comparison.results(generator):
            self.compared[modes] += len(comparison.crowd.persons)
            self.several[modes] += several
            self.wrong[modes] += [(comparison, person) for person in wrong]

    def report(self, tally):
        for modes, wrong in self.wrong.items():
            several = self.several[modes]
            note = f" ({several} have several answers on the engine)" if several else ""
            name = f"{self.name} {','.join(modes) or 'default'}"
            tally.part(name, self.compared[modes], wrong, lambda case: case[0].show(case[1], modes), note)


def opened():
    """The engine, or None with a message."""
    try:
        return Engine()
    except ImportError:
        print("clickhouse: skipped, the engine is missing (pip install chdb==4.4.0)")


def compare(engine, program, count, seed, tally, folder):
    generator = random.Random(seed)
    batch = min(count, 8000)
    found = Sum("clickhouse")
    for number, start in enumerate(range(0, count, batch)):
        steps, rich = [3, 2, 4, 5, 3, 8][number % 6], [0.25, 0.5, 0][number % 3]
        crowd = Crowd(f"engine {seed} {number}", min(batch, count - start), steps, rich=rich)
        for window in [[0, 4000], [1, 2500], [1000, 9000]][number % 3]:
            found.add(Comparison(engine, program, crowd, window, folder), generator)
    found.report(tally)
