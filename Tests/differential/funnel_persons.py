"""Random persons for the funnel comparisons, runs of the program, and the smallest case that differs.

A row is one event of one person: its moment in milliseconds, the steps that it fits (none: noise)
and what else a part wants on it. The program sees the rows as events with `properties.steps`, so that
one event can fit several steps; the lines are shuffled over all persons.
"""

import collections
import datetime
import json
import os
import random
import re
import shlex
import subprocess
import tempfile

START = 1_772_323_200_000  # 2026-03-01, in milliseconds
SECOND = 1000
DAY = 86_400_000


class Row(collections.namedtuple("Row", "at steps id extra", defaults=((), None, ()))):
    """`at` counts from START; `extra` are pairs of a property and its value."""

    def __str__(self):
        letters = "".join("ABCDEFGHIJ"[step - 1] for step in self.steps) or "x"
        seconds = f"{self.at / SECOND:g}"
        words = "".join(f" {name}={value}" for name, value in self.extra)
        return f"{letters}@{seconds}{'' if self.id is None else '#' + self.id}{words}"

    def get(self, name):
        return dict(self.extra).get(name)


def timestamp(at):
    moment = datetime.datetime.fromtimestamp((START + at) // 1000, datetime.timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"


def milliseconds(text):
    """What `timestamp` wrote, from START."""
    whole = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (whole - epoch) // datetime.timedelta(milliseconds=1) - START


def line(person, row):
    event = {"event": "E" + "".join(map(str, row.steps)), "userId": str(person)}
    event["timestamp"] = timestamp(row.at)
    if row.id is not None:
        event["messageId"] = row.id
    event["properties"] = {"steps": list(row.steps), **dict(row.extra)}
    return json.dumps(event, separators=(",", ":"))


def in_order(rows):
    """As the programs order them: by time, equal times by messageId, else by the bytes of the line."""
    return sorted(rows, key=lambda row: (row.at, row.id if row.id is not None else "", line("", row)))


class Crowd:
    """Persons with few rows, in few moments: ties, repeats and window ends are common."""

    def __init__(self, seed, count, steps, extra=None, rich=0.25, noise=(0, 0, 0.2)):
        self.steps = steps
        self.random = random.Random(f"{seed} {steps} {count}")
        self.extra = extra
        self.rich, self.noise = rich, noise
        self.persons = {person: self.rows() for person in range(count)}

    def rows(self):
        generator = self.random
        unit = generator.choice([1, 250, SECOND, SECOND, SECOND])
        span = generator.choice([2, 5, 9, 20])
        noise = generator.choice(self.noise)
        length = generator.randint(1, generator.choice([4, 8, 11]))
        named = generator.random() < 0.5
        rows = []
        for number in range(length):
            steps = self.fitting(noise)
            extra = self.extra(generator, steps) if self.extra else ()
            identifier = f"m{generator.randint(0, 99):02d}-{number}" if named else None
            rows.append(Row(generator.randint(0, span) * unit, steps, identifier, extra))
        return tuple(in_order(rows))

    def fitting(self, noise):
        generator = self.random
        if generator.random() < noise:
            return ()
        if generator.random() >= self.rich:
            return (generator.randint(1, self.steps),)
        chosen = {generator.randint(1, self.steps) for _ in range(generator.choice([2, 2, 3]))}
        return tuple(sorted(chosen))


class Program:
    """The program under comparison."""

    def __init__(self, path):
        self.path = path

    def refuses(self, options):
        """Why these options cannot be used, or None."""
        done = subprocess.run([self.path, *options, os.devnull], capture_output=True, text=True)
        return done.stderr.splitlines()[0] if done.returncode else None

    def steps(self, count):
        return [
            word
            for step in range(1, count + 1)
            for word in ("--step", f"S{step}={step} in properties.steps")
        ]

    def run(self, path, options):
        command = [self.path, "--quiet", "--no-link", *options, path]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{shlex.join(command)}\n{done.stderr}")
        return done.stdout.splitlines()

    def records(self, persons, options):
        """The reports on these persons."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "events.ndjson")
            write(path, persons)
            return [json.loads(text) for text in self.run(path, options)]

    def persons(self, persons, options):
        """(level, entered, times) of each person; who did not enter or was taken out is not there."""
        found = {}
        for record in self.records(persons, [*options, "--persons"]):
            if record["record"] == "funnel.person" and not record.get("excluded"):
                found[record["userId"]] = outcome_of(record)
        return found

    def levels(self, path, options):
        """The level of each person; who did not enter has 0."""
        found = collections.defaultdict(int)
        for text in self.run(path, [*options, "--persons"]):
            match = LEVEL.match(text)
            if match:
                found[match[1]] = int(match[2])
        return found


LEVEL = re.compile(r'\{"record":"funnel.person","userId":"([^"]*)","level":(\d+)')


def write(path, persons):
    """The lines of these persons, shuffled over all, the same way each time."""
    lines = [line(person, row) for person, rows in persons.items() for row in rows]
    random.Random(len(lines)).shuffle(lines)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(text + "\n" for text in lines)


def outcome_of(record):
    times = tuple(None if text is None else milliseconds(text) for text in record["times"])
    return record["level"], milliseconds(record["entered"]), times


def smallest(rows, differs):
    """Fewer rows, at rounder times, that still differ."""
    rows = tuple(rows)
    shorter = True
    while shorter:
        shorter = False
        for index in range(len(rows)):
            fewer = rows[:index] + rows[index + 1 :]
            if fewer and differs(fewer):
                rows, shorter = fewer, True
                break
        else:
            for index, row in enumerate(rows):
                for step in row.steps if len(row.steps) > 1 else ():
                    lean = row._replace(steps=tuple(other for other in row.steps if other != step))
                    fewer = rows[:index] + (lean,) + rows[index + 1 :]
                    if differs(fewer):
                        rows, shorter = fewer, True
                        break
                if shorter:
                    break
    return rows


def smallest_crowd(persons, differs):
    """One person's rows, as few as still differ, or as many persons as it takes."""
    whole = False
    while len(persons) > 1 and not whole:
        keys = sorted(persons)
        halves = [keys[: len(keys) // 2], keys[len(keys) // 2 :]]
        parts = ({key: persons[key] for key in half} for half in halves)
        found = next((part for part in parts if differs(part)), None)
        whole, persons = found is None, found or persons
    if len(persons) > 1:
        return persons
    ((key, rows),) = persons.items()
    return {key: smallest(rows, lambda rows: differs({key: rows}))}


class Tally:
    """How much was compared and how much differs; the first cases of each part are shown small."""

    SHOWN = 2

    def __init__(self):
        self.compared = 0
        self.differing = 0

    def part(self, name, compared, wrong, show, note=""):
        self.compared += compared
        self.differing += len(wrong)
        found = f"{len(wrong)} of {compared} differ{note}" if compared else "skipped, the program refuses it"
        print(f"{name}: {found}", flush=True)
        for case in wrong[: self.SHOWN]:
            text = show(case)
            if text:
                print(text, flush=True)
