"""Compares the look-back functions with a brute force on random events.

    python3 Tests/differential/lookback.py [--programs .build/release] [--seed N] [--cases N]
        [--modes annotate,reorder,changes,…] [--functions count,sum,…]

The brute force keeps all events of a person and evaluates the definition of each function literally
at each moment. Nothing of the programs is used but their output. At the first difference a smaller
case is sought and written to a folder: rules, input, the command, what was expected and what came;
then the status is 1. Case K of --seed S is that of --seed S --first K --cases 1 again.
"""

import argparse
import collections
import datetime
import functools
import itertools
import json
import operator
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zoneinfo
from decimal import Decimal
from fractions import Fraction

FUNCTIONS = "count sum first last latest distinct days periods sequence".split()
MODES = "annotate reorder changes reorder-changes populations where by steps lateness many".split()
DAY = 86_400_000
UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": DAY, "w": 7 * DAY}
ZONES = [
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Sao_Paulo",  # midnight did not occur
    "America/Havana",  # midnight occurs twice
    "America/St_Johns",  # until 2011 back from 00:01 to 23:01
    "Asia/Kathmandu",
    "Pacific/Apia",  # 2011-12-30 did not occur
]
SIGMAS = 5
STANDARD_ERROR = 0.023


# Time


def milliseconds(length):
    return sum(int(n) * UNITS[unit] for n, unit in re.findall(r"(\d+)(ms|[smhdw])", length))


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def parse_time(text):
    """Whole milliseconds of an RFC 3339 time; what is finer is cut off."""
    match = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))", text
    )
    date, hour, minute, second, fraction, sign, zone_hour, zone_minute = match.groups()
    days = datetime.date.fromisoformat(date).toordinal() - EPOCH.toordinal()
    seconds = days * 86_400 + int(hour) * 3600 + int(minute) * 60 + int(second)
    if sign:
        offset = int(zone_hour) * 3600 + int(zone_minute) * 60
        seconds -= offset if sign == "+" else -offset
    return seconds * 1000 + int(((fraction or "") + "000")[:3])


def format_time(moment, offset_minutes=0, finer=""):
    local = EPOCH + datetime.timedelta(milliseconds=moment + offset_minutes * 60_000)
    text = local.strftime("%Y-%m-%dT%H:%M:%S") + f".{local.microsecond // 1000:03d}" + finer
    if offset_minutes == 0:
        return text + "Z"
    sign = "+" if offset_minutes > 0 else "-"
    return f"{text}{sign}{abs(offset_minutes) // 60:02d}:{abs(offset_minutes) % 60:02d}"


class Calendar:
    """Days of a zone: day d begins when the clocks first show a time of d or later."""

    def __init__(self, name):
        self.zone = zoneinfo.ZoneInfo(name)
        self.days = functools.lru_cache(None)(self._day)
        self.begins = functools.lru_cache(None)(self._begin)
        self.offsets = functools.lru_cache(None)(self._offset)

    def _offset(self, second):
        moment = EPOCH + datetime.timedelta(seconds=second)
        return int(moment.astimezone(self.zone).utcoffset().total_seconds())

    def _shown(self, second):
        return (second + self.offsets(second)) // 86_400

    def _day(self, second):
        """The greatest date shown up to this second: clocks may go back over midnight."""
        greatest = self._shown(second)
        later = self.offsets(second)
        hour = (second - 1) // 3600 * 3600
        point = second
        while point > second - 2 * 86_400:
            if self.offsets(hour) != self.offsets(point):
                low, high = hour, point  # the offset changes in (low, high]
                while high - low > 1:
                    middle = (low + high) // 2
                    if self.offsets(middle) == self.offsets(point):
                        high = middle
                    else:
                        low = middle
                greatest = max(greatest, self._shown(low))
            point, hour = hour, hour - 3600
        return greatest

    def day(self, moment):
        return self.days(moment // 1000)

    def _begin(self, day):
        low, high = (day - 2) * 86_400, (day + 2) * 86_400
        while high - low > 1:
            middle = (low + high) // 2
            if self.days(middle) >= day:
                high = middle
            else:
                low = middle
        return high * 1000

    def begin(self, day):
        """The first moment of the day."""
        return self.begins(day)


@functools.lru_cache(None)
def calendar(name):
    return Calendar(name)


# Values: None, bool, Fraction (any number), str, list, dict, Moment, Length (of time)


Moment = collections.namedtuple("Moment", "at")
Length = collections.namedtuple("Length", "ms")


class Failed(Exception):
    """An error in an expression."""


def kind(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction
    return type(value)


def same(left, right):
    if kind(left) is not kind(right):
        return False
    if isinstance(left, list) and not isinstance(left, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return left == right


def identity(value):
    """Equal for equal values only."""
    if isinstance(value, bool) or value is None:
        return ("constant", value)
    if isinstance(value, (Fraction, int)):
        return ("number", Fraction(value))
    if isinstance(value, str):
        return ("text", value)
    if isinstance(value, list):
        return ("list", tuple(map(identity, value)))
    if isinstance(value, dict):
        return ("map", frozenset((key, identity(element)) for key, element in value.items()))
    return value


def number(value):
    return Fraction(Decimal(value))


def parse_line(line):
    return json.loads(line, parse_int=number, parse_float=number)


# Events


class Event:
    def __init__(self, line, place):
        self.line = line
        self.place = place
        self.fields = parse_line(line)
        self.t = parse_time(self.fields["timestamp"])
        text = re.search(r'"messageId":("(?:[^"\\]|\\.)*")', line)
        # An empty one is none, as an empty id is no id.
        self.message = (text.group(1)[1:-1].encode() or None) if text else None
        self.bytes = line.encode()
        self.user = self.identifier("userId")
        self.anonymous = self.identifier("anonymousId")
        self.previous = self.identifier("previousId") if self.fields.get("type") == "alias" else None
        self.memo = {}

    def identifier(self, name):
        value = self.fields.get(name)
        return value if isinstance(value, str) and value else None

    @property
    def ids(self):
        """Names of the person; previousId means whoever had that id."""
        named = [name for name in (self.user, self.anonymous) if name]
        if named and self.previous:
            named.append(self.previous)
        return named

    @property
    def arrival(self):
        return (self.t, self.place)

    @property
    def total(self):
        return (self.t, self.message is not None, self.message or b"", self.bytes)

    def field(self, name):
        value = self.fields.get(name)
        if name == "event" and value is None:
            return {
                "page": "Page Viewed",
                "screen": "Screen Viewed",
                "identify": "Identified",
                "group": "Grouped",
                "alias": "Aliased",
            }.get(self.fields.get("type"))
        if value is None:
            return {"bot": False, "segments": [], "stage": ""}.get(name)
        return value


class Links:
    """Union-find over ids."""

    def __init__(self):
        self.parent = {}

    def find(self, name):
        self.parent.setdefault(name, name)
        while self.parent[name] != name:
            name = self.parent[name]
        return name

    def join(self, names):
        roots = [self.find(name) for name in names]
        for root in roots[1:]:
            self.parent[self.find(root)] = self.find(roots[0])
        return self.find(roots[0]) if roots else None


# Expressions: text for the programs, value for the brute force


class Context:
    def __init__(self, event, now, events=None, zone="UTC"):
        self.event, self.now, self.events, self.zone = event, now, events, zone


class Node:
    parts = ()

    def walk(self):
        yield self
        for part in self.parts:
            yield from part.walk()


class Constant(Node):
    def __init__(self, text, value):
        self.text, self.constant = text, value

    def value(self, context):
        return self.constant


class Now(Node):
    text = "now"

    def value(self, context):
        return Moment(context.now)


class Field(Node):
    def __init__(self, path):
        self.text = path

    def value(self, context):
        first, *rest = self.text.split(".")
        if first == "record":
            value = context.event.fields
        else:
            value = context.event.field(first)
        for name in rest:
            if not isinstance(value, dict) or name not in value:
                raise Failed()
            value = value[name]
        return value


class Has(Node):
    def __init__(self, name):
        self.text, self.name = f"has(properties.{name})", name

    def value(self, context):
        properties = context.event.field("properties")
        if properties is None:
            return False
        if not isinstance(properties, dict):
            raise Failed()
        return self.name in properties


COMPARE = {
    "==": same,
    "!=": lambda left, right: not same(left, right),
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Compare(Node):
    def __init__(self, sign, left, right):
        self.sign, self.parts = sign, (left, right)
        self.text = f"{left.text} {sign} {right.text}"

    def value(self, context):
        left, right = (part.value(context) for part in self.parts)
        if self.sign not in ("==", "!="):
            if kind(left) is not kind(right) or kind(left) not in (
                Fraction,
                str,
                bool,
                Moment,
                Length,
            ):
                raise Failed()
            if isinstance(left, str):  # by code points, as bytes of UTF-8 are
                left, right = ([ord(c) for c in text] for text in (left, right))
        return COMPARE[self.sign](left, right)


class In(Node):
    def __init__(self, left, constants):
        self.parts = (left, *constants)
        self.text = f"{left.text} in [{', '.join(part.text for part in constants)}]"

    def value(self, context):
        value = self.parts[0].value(context)
        return any(same(value, part.constant) for part in self.parts[1:])


class Difference(Node):
    def __init__(self, left, right):
        self.parts, self.text = (left, right), f"{left.text} - {right.text}"

    def value(self, context):
        left, right = (part.value(context) for part in self.parts)
        if isinstance(left, Moment) and isinstance(right, Moment):
            return Length(left.at - right.at)
        raise Failed()


class Plus(Node):
    def __init__(self, left, right):
        self.parts, self.text = (left, right), f"{left.text} + {right.text}"

    def value(self, context):
        return self.parts[0].value(context) + self.parts[1].value(context)


def truth(node, context):
    """True, False or an error as a value."""
    try:
        value = node.value(context)
    except Failed:
        return None
    return value if isinstance(value, bool) else None


def holds(node, context):
    return truth(node, context) is True


class Logic(Node):
    def __init__(self, sign, left, right):
        self.sign, self.parts = sign, (left, right)
        self.text = f"({left.text}) {sign} ({right.text})"

    def value(self, context):
        decisive = self.sign == "||"
        values = [truth(part, context) for part in self.parts]
        if decisive in values:
            return decisive
        if None in values:
            raise Failed()
        return not decisive


class Not(Node):
    def __init__(self, part):
        self.parts, self.text = (part,), f"!({part.text})"

    def value(self, context):
        value = truth(self.parts[0], context)
        if value is None:
            raise Failed()
        return not value


class Choice(Node):
    def __init__(self, condition, yes, no):
        self.parts = (condition, yes, no)
        self.text = f"({condition.text}) ? ({yes.text}) : ({no.text})"

    def value(self, context):
        condition = truth(self.parts[0], context)
        if condition is None:
            raise Failed()
        return self.parts[1 if condition else 2].value(context)


# The look-back functions. `context.events` is E(P, m) in the order of events, `context.now` is m


def step_of(length):
    return -(-length // 64)


def met(condition, event):
    """Whether an event alone meets a condition."""
    if condition not in event.memo:
        event.memo[condition] = holds(condition, Context(event, event.t))
    return event.memo[condition]


def alone(node, event):
    """The value on an event alone as (True, value), or (False, None) for an error."""
    if node not in event.memo:
        try:
            event.memo[node] = (True, node.value(Context(event, event.t)))
        except Failed:
            event.memo[node] = (False, None)
    return event.memo[node]


class LookBack(Node):
    def __init__(self, name, *arguments):
        self.name, self.arguments = name, arguments
        self.text = f"{name}({', '.join(self.written(argument) for argument in arguments)})"

    @staticmethod
    def written(argument):
        if isinstance(argument, Node):
            return argument.text
        return f'"{argument}"' if isinstance(argument, str) else str(argument)

    def walk(self):
        yield self  # conditions are of the events alone: not part of what the rule itself reads

    def value(self, context):
        if context.events is None:  # an event of nobody
            raise Failed()
        return getattr(self, self.name)(context, *self.arguments)

    def selected(self, context, condition, window=None):
        chosen = [event for event in context.events if met(condition, event)]
        if window is None:
            return chosen
        length = milliseconds(window)
        step = step_of(length)
        least = (context.now - length) // step
        return [event for event in chosen if event.t // step >= least]

    def count(self, context, condition, window=None):
        return len(self.selected(context, condition, window))

    def sum(self, context, condition, node, window=None):
        total = Fraction(0)
        for event in self.selected(context, condition, window):
            good, value = alone(node, event)
            if good and kind(value) is Fraction and abs(value) < 10**30:
                total += value
        return total

    def first(self, context, condition):
        moments = [event.t for event in self.selected(context, condition)]
        return Moment(min(moments)) if moments else None

    def last(self, context, condition):
        moments = [event.t for event in self.selected(context, condition)]
        return Moment(max(moments)) if moments else None

    def latest(self, context, condition, node):
        for event in reversed(self.selected(context, condition)):
            good, value = alone(node, event)
            if good:
                return value
        return None

    def distinct(self, context, condition, node, window=None):
        values = (alone(node, event)[1] for event in self.selected(context, condition, window))
        return len({identity(value) for value in values if value is not None})

    def days(self, context, condition, window):
        count = milliseconds(window) // DAY
        zone = calendar(context.zone)
        today = zone.day(context.now)
        shown = {zone.day(event.t) for event in self.selected(context, condition)}
        return len([day for day in shown if today - count < day <= today])

    def periods(self, context, condition, period, count, least):
        length = milliseconds(period)
        step = step_of(length)
        places = [event.t // step for event in self.selected(context, condition)]
        answer = 0
        for i in range(count):
            begin = (context.now - (i + 1) * length) // step
            end = (context.now - i * length) // step if i else None
            inside = [place for place in places if begin <= place and (not i or place < end)]
            answer += len(inside) >= least
        return answer

    def sequence(self, context, first, second, within, ago):
        within, ago = milliseconds(within), milliseconds(ago)
        step = min(within, step_of(ago))
        least = (context.now - ago) // step
        for place, b in enumerate(context.events):
            if b.t // step >= least and met(second, b):
                if any(b.t - a.t <= within and met(first, a) for a in context.events[:place]):
                    return True
        return False

    def moments(self, events, zone):
        """The moments at which the answer can change without an event."""

        def ends(length, step, times=(1,)):
            for event in events:
                for i in times:
                    yield (event.t // step + 1) * step + i * length

        name, last = self.name, self.arguments[-1]
        if name in ("count", "sum", "distinct") and isinstance(last, str):
            yield from ends(milliseconds(last), step_of(milliseconds(last)))
        elif name == "days":
            days = calendar(zone)
            for event in events:
                yield days.begin(days.day(event.t) + milliseconds(last) // DAY)
        elif name == "periods":
            length = milliseconds(self.arguments[1])
            yield from ends(length, step_of(length), range(1, self.arguments[2] + 1))
        elif name == "sequence":
            within, ago = (milliseconds(length) for length in self.arguments[2:])
            yield from ends(ago, min(within, step_of(ago)))


def change_moments(rules, events, zone):
    found = set()
    for rule in rules:
        lengths = []
        reads_now = False
        for node in rule.walk():
            if isinstance(node, LookBack):
                found.update(node.moments(events, zone))
            elif isinstance(node, Now):
                reads_now = True
            elif isinstance(node, Constant) and isinstance(node.constant, Length):
                lengths.append(node.constant.ms)
            elif isinstance(node, Constant) and isinstance(node.constant, Moment):
                found.update((node.constant.at, node.constant.at + 1))
        if reads_now:
            for event, length in itertools.product(events, lengths):
                found.update((event.t + length, event.t + length + 1))
    return sorted(found)


# Cases


class Case:
    """What is needed to run one comparison; shrinking takes lines and rules away."""

    def __init__(self, mode, rules, lines, zone="UTC", options=(), extra=None):
        self.mode, self.rules, self.lines = mode, list(rules), list(lines)
        self.zone, self.options, self.extra = zone, list(options), extra or {}

    def smaller(self, rules=None, lines=None):
        return Case(
            self.mode,
            self.rules if rules is None else rules,
            self.lines if lines is None else lines,
            self.zone,
            self.options,
            self.extra,
        )

    def events(self):
        return [Event(line, place) for place, line in enumerate(self.lines)]


class Different(Exception):
    """A program's answer is not that of the definition."""


class Unable(Exception):
    """A program refused to run."""


class Runner:
    def __init__(self, programs, folder):
        self.programs, self.folder = os.path.abspath(programs), folder
        self.runs = 0
        self.answers = 0

    def run(self, program, case, options=(), lines=None, name="input.nd", rules=True):
        """The lines of standard output. Paths are relative to the folder."""
        if rules:
            segments = [
                {"name": f"r{index}", "when": rule.text} for index, rule in enumerate(case.rules)
            ]
            with open(f"{self.folder}/rules.json", "w") as file:
                file.write('{"segments":[\n')
                file.write(",\n".join(json.dumps(segment) for segment in segments))
                file.write("\n]}\n")
        if lines is not None:
            with open(f"{self.folder}/{name}", "w") as file:
                file.writelines(line + "\n" for line in lines)
        command = [f"{self.programs}/{program}", "--quiet"]
        if rules:
            command += ["--rules", "rules.json"]
        if case.zone != "UTC":
            command += ["--time-zone", case.zone]
        command += [*options, name]
        self.command = shlex.join(command)
        self.runs += 1
        result = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=120)
        if result.returncode:
            raise Unable(f"status {result.returncode}: {result.stderr.decode()}\n{self.command}")
        self.output = result.stdout
        return result.stdout.decode().splitlines()


# Annotators


def settled(events, clock_limit):
    """What --reorder or --lateness takes: nothing older than the newest minus the limit."""
    taken, newest = [], None
    for event in events:
        if newest is None or event.t > newest:
            newest = event.t
        if event.t >= newest - clock_limit:
            taken.append(event)
    return taken


def names_of(case, event, now, events):
    context = Context(event, now, events, case.zone)
    return [f"r{index}" for index, rule in enumerate(case.rules) if holds(rule, context)]


def added_segments(line, event):
    if not line.startswith(event.line[:-1]):
        raise Different(f"expected the event\n  {event.line}\ngot\n  {line}")
    return json.loads(line)["segments"]


def taken_events(case):
    """The events of an annotator in the order in which it passes them, and their key of order."""
    events = case.events()
    if "reorder" in case.extra:
        events = settled(events, milliseconds(case.extra["reorder"]))
        return sorted(events, key=lambda event: event.total), lambda event: event.total
    return events, lambda event: event.arrival


def check_annotate(runner, case):
    events, order = taken_events(case)
    where = case.extra.get("where")
    passed = [event for event in events if not where or met(where, event)]
    output = runner.run("segment", case, case.options, case.lines)
    if len(output) != len(passed):
        raise Different(f"expected {len(passed)} events, got {len(output)}")
    lines = iter(output)
    links, sets, asked = Links(), {}, {}
    for event in events:
        if event not in passed:  # such an event is not seen, but what it links is linked
            roots = {links.find(name) for name in event.ids}
            if len(roots) > 1:
                root = links.join(event.ids)
                sets[root] = [e for old in roots for e in sets.pop(old, [])]
                times = [asked.pop(old) for old in roots if old in asked]
                if times:
                    asked[root] = max(times)
            continue
        got = added_segments(next(lines), event)
        if not event.ids:
            if got:
                raise Different(f"an event of nobody\n  {event.line}\nexpected [], got {got}")
            continue
        roots = {links.find(name) for name in event.ids}
        root = links.join(event.ids)
        seen = sorted(
            (e for old in roots for e in sets.pop(old, [])), key=order
        )
        seen.append(event)
        seen.sort(key=order)
        sets[root] = seen
        now = max([event.t] + [asked.pop(old) for old in roots if old in asked])
        asked[root] = now
        expected = names_of(case, event, now, seen)
        runner.answers += len(case.rules)
        if got != expected:
            raise Different(
                f"at the event\n  {event.line}\nmoment {format_time(now)}"
                f" expected {expected}, got {got}"
            )


def check_changes(runner, case):
    """Every entering and leaving, with its moment, and what is on the events.

    Whether a person was asked at a moment at which nothing changed is seen only when an event comes
    late; so `asked` holds every moment that the last question can have had. What time alone makes
    must be out when time passes on (or at the end), and before the person's next event; not before.
    """
    events, order = taken_events(case)
    output = runner.run("segment", case, ["--changes", *case.options], case.lines)
    links, sets, last = Links(), {}, {}
    asked = {}
    members = collections.defaultdict(set)  # by the name that the records give
    newest = None
    generator = random.Random(case.extra["shuffle"])

    def expected_until(root, begin, end):
        """Records that time alone makes in (begin, end], and the moments that can be asked at."""
        current = set(names_of(case, last[root], begin, sets[root]))
        moments = [
            moment
            for moment in change_moments(case.rules, sets[root], case.zone)
            if begin < moment <= end
        ]
        records, asked_at, changed_at = [], [begin], begin
        for moment in moments:
            answer = set(names_of(case, last[root], moment, sets[root]))
            runner.answers += len(case.rules)
            records += [(moment, "segment.left", name) for name in current - answer]
            records += [(moment, "segment.entered", name) for name in answer - current]
            if answer != current:
                changed_at = moment
            asked_at.append(moment)
            current = answer
        if end > begin:  # the records tell the members at any moment
            some = generator.randrange(begin, end) + 1
            answer = set(names_of(case, last[root], begin, sets[root]))
            for moment, what, name in sorted(records, key=lambda record: record[0]):
                if moment <= some:
                    (answer.add if what == "segment.entered" else answer.remove)(name)
            assert answer == set(names_of(case, last[root], some, sets[root])), (case.lines, some)
        return sorted(records), {moment for moment in asked_at if moment >= changed_at}

    def advance(records, to, passes):
        """Takes the records that time alone makes up to a moment; gives back the others."""
        rest = collections.defaultdict(list)
        for record in records:
            rest[links.find(record[3])].append(record)
        for root in sets:
            got = sorted(record[:3] for record in rest[root])
            choices = {}
            for begin in asked[root]:
                choices[begin] = expected_until(root, begin, to)
            fitting = [found for expected, found in choices.values() if expected == got]
            if not passes and not got:
                fitting.append(asked[root])
            if not fitting:
                wanted = choices[max(choices)][0]
                raise Different(
                    f"time up to {format_time(to)} for the person of {root}\n"
                    f"expected {shown(wanted)}\ngot      {shown(got)}"
                )
            asked[root] = set().union(*fitting)
            del rest[root]
        return [record for found in rest.values() for record in found]

    def shown(records):
        return [f"{format_time(moment)} {what} {name}" for moment, what, name, *_ in records]

    def replay(records):
        for moment, what, segment, name in records:
            if (what == "segment.entered") == (segment in members[name]):
                raise Different(f"{what} {segment} of {name} at {format_time(moment)}: was so before")
            (members[name].add if what == "segment.entered" else members[name].remove)(segment)

    place, pending = 0, []
    for line in [*output, None]:
        if line is not None and line.startswith('{"record":"segment.'):
            record = json.loads(line)
            name = record.get("userId") or record["anonymousId"]
            moment = parse_time(record["timestamp"])
            pending.append((moment, record["record"], record["segment"], name))
            continue
        replay(pending)
        if line is None:
            if sets and newest is not None:
                others = advance(pending, newest, True)
                if others:
                    raise Different(f"at the end: unexpected {shown(others)}")
            break
        if place == len(events):
            raise Different(f"unexpected line\n  {line}")
        event = events[place]
        place += 1
        got = added_segments(line, event)
        passes = newest is None or event.t > newest
        newest = event.t if passes else newest
        roots = {links.find(name) for name in event.ids}
        own = [record for record in pending if links.find(record[3]) in roots]
        foreign = [record for record in pending if links.find(record[3]) not in roots]
        untouched = {root: value for root, value in sets.items() if root in roots}
        for root in untouched:
            del sets[root]
        others = advance(foreign, newest, passes)
        sets.update(untouched)
        if others:
            raise Different(f"before\n  {event.line}\nunexpected {shown(others)}")
        if not event.ids:
            pending = []
            if got:
                raise Different(f"an event of nobody\n  {event.line}\nexpected [], got {got}")
            continue
        # The persons of this event: what time alone makes, then the event.
        before = {}
        for root in untouched:
            before[root] = []
            for begin, end in itertools.product(sorted(asked[root]), sorted({event.t, newest})):
                records, moments = expected_until(root, begin, end)
                state = set(names_of(case, last[root], max(moments), sets[root]))
                before[root] += [(moment, records, state) for moment in sorted(moments)]
        joined = links.join(event.ids)
        seen = sorted([e for old in untouched for e in sets.pop(old)] + [event], key=order)
        combinations = list(itertools.product(*before.values())) or [()]
        fitting, tried = set(), []
        for combination in combinations:
            now = max([event.t, *(moment for moment, _, _ in combination)])
            expected = names_of(case, event, now, seen)
            runner.answers += len(case.rules)
            timely, state = [], set()
            for _, records, members_before in combination:
                timely += records
                state |= members_before
            wanted = timely + [(now, "segment.left", name) for name in state - set(expected)]
            wanted += [(now, "segment.entered", name) for name in set(expected) - state]
            wanted.sort()
            tried.append((now, expected, wanted))
            if expected != got:
                continue
            if len(roots) > 1:
                # Which name the person of a link keeps is the program's: its members must be right.
                inside = [members[name] for name in members if links.find(name) == joined]
                found = [names for names in inside if names]
                late = [record for record in own if record[:3] not in timely and record[0] != now]
                if found == ([set(expected)] if expected else []) and not late:
                    fitting.add(now)
            elif sorted(record[:3] for record in own) == wanted:
                fitting.add(now)
        if not fitting:
            now, expected, wanted = tried[-1]
            raise Different(
                f"at the event\n  {event.line}\nmoment {format_time(now)}"
                f"\nexpected {expected}, got {got}"
                f"\nexpected records {shown(wanted)}\ngot      records {shown(sorted(own))}"
            )
        for old in untouched:
            asked.pop(old), last.pop(old)
        sets[joined], asked[joined], last[joined] = seen, fitting, event
        pending = []
    if place != len(events):
        raise Different(f"expected {len(events)} events, got {place}")


# Aggregators


def linked(events):
    links = Links()
    for event in events:
        if event.ids:
            links.join(event.ids)
    return links


def persons_of(events, everything):
    """Persons as all events of the input link them, with the events that are seen."""
    links = linked(everything)
    persons = collections.defaultdict(list)
    for event in sorted(events, key=lambda event: event.total):
        if event.ids:
            persons[links.find(event.ids[0])].append(event)
    return persons


def is_bot(event):
    return event.fields.get("bot") is True


def check_same_bytes(runner, case, program, options, rules):
    """The same bytes for a shuffled input, and for parts split by person and merged."""
    first = runner.output
    generator = random.Random(case.extra["shuffle"])
    lines = list(case.lines)
    generator.shuffle(lines)
    if case.extra.get("shuffled", True):
        runner.run(program, case, options, lines, "shuffled.nd", rules)
        if runner.output != first:
            raise Different(
                f"shuffled input gives another report\n{first.decode()}\n{runner.output.decode()}"
            )
    links = linked(case.events())
    parts = [[], [], []]
    for event in map(Event, lines, itertools.count()):
        root = links.find(event.ids[0]) if event.ids else ""
        parts[sum(root.encode()) % 3].append(event.line)
    merged = []
    for index, part in enumerate(parts):
        merged += runner.run(
            program, case, [*options, "--partial"], part, f"part{index}.nd", rules
        )
    runner.run(program, case, options, merged, "partial.nd", rules)
    if runner.output != first:
        raise Different(
            f"merged parts give another report\n{first.decode()}\n{runner.output.decode()}"
        )


def check_populations(runner, case):
    events = [event for event in case.events() if not is_bot(event)]
    if not events:
        return
    as_of = max(event.t for event in events)
    options = ["--populations", *case.options]
    if "as_of" in case.extra:
        as_of = case.extra["as_of"]
        options += ["--as-of", format_time(as_of)]
        events = [event for event in events if event.t <= as_of]
        if not events:
            return
    output = runner.run("segment", case, options, case.lines)
    got = {}
    for line in output:
        record = json.loads(line)
        if record["record"] == "segment.run":
            run = record
        elif record["record"] == "segment.population":
            got[record["segment"]] = record["persons"]
    expected = collections.Counter()
    uncertain = set()
    persons = persons_of(events, case.events())
    for seen in persons.values():
        for name in names_of(case, seen[-1], as_of, seen):
            expected[name] += 1
        if len({event.t for event in seen}) < len(seen):  # ties have an order of their own there
            for index, rule in enumerate(case.rules):
                for node in rule.walk():
                    ordered = isinstance(node, LookBack) and node.name in ("latest", "sequence")
                    if ordered or isinstance(node, (Field, Has)):
                        uncertain.add(f"r{index}")
    runner.answers += len(persons) * len(case.rules)
    if run["persons"] != len(persons):
        raise Different(f"expected {len(persons)} persons, got {run['persons']}")
    for index, rule in enumerate(case.rules):
        name = f"r{index}"
        if name not in uncertain and got[name] != expected[name]:
            raise Different(
                f"{name} {rule.text} as of {format_time(as_of)}:"
                f" expected {expected[name]} persons, got {got[name]}"
            )
    check_same_bytes(runner, case, "segment", options, True)


def answers_of(case, events, node):
    """(event, its person, value of the expression on it or Failed) in an aggregator."""
    late = case.extra.get("lateness")
    if late is None:
        for root, seen in persons_of(events, case.events()).items():
            for place, event in enumerate(seen):
                yield event, root, evaluated(case, node, event, seen[: place + 1])
        return
    links, sets, final = Links(), {}, linked(case.events())
    for event in sorted(events, key=lambda event: event.total):
        if not event.ids:
            continue
        roots = {links.find(name) for name in event.ids}
        joined = links.join(event.ids)
        seen = [e for old in roots for e in sets.pop(old, [])] + [event]
        seen.sort(key=lambda event: event.total)
        sets[joined] = seen
        yield event, final.find(event.ids[0]), evaluated(case, node, event, seen)


def evaluated(case, node, event, seen):
    try:
        return node.value(Context(event, event.t, seen, case.zone))
    except Failed:
        return Failed


def aggregated(case):
    """The events that an aggregator sees, and those that --since and --until leave."""
    events = [event for event in case.events() if not is_bot(event)]
    if "lateness" in case.extra:
        everything = case.events()
        taken = {event.place for event in settled(everything, milliseconds(case.extra["lateness"]))}
        events = [event for event in events if event.place in taken]
    since, until = case.extra.get("since"), case.extra.get("until")
    counted = {
        event.place
        for event in events
        if (since is None or event.t >= since) and (until is None or event.t < until)
    }
    options = []
    if since is not None:
        options += ["--since", format_time(since)]
    if until is not None:
        options += ["--until", format_time(until)]
    return events, counted, options


def records_of(output):
    records = collections.defaultdict(list)
    for line in output:
        record = json.loads(line)
        records[record["record"]].append(record)
    return records


def check_where(runner, case):
    """The number of events and persons for which a look-back condition holds."""
    events, inside, options = aggregated(case)
    rule = case.rules[0]
    options += ["--where", rule.text, *case.options]
    options += ["--step", "a=true", "--step", "b=false"]
    output = runner.run("funnel", case, options, case.lines, rules=False)
    run = records_of(output)["funnel.run"][0]
    counted = [
        (event, root)
        for event, root, value in answers_of(case, events, rule)
        if value is True and event.place in inside
    ]
    runner.answers += len(events)
    # Without a call an event of nobody counts. Where a call has an error and the condition is true
    # all the same (true || error) the definition can be read in two ways.
    nobodys = [
        (event, None)
        for event in events
        if not event.ids
        and event.place in inside
        and holds(rule, Context(event, event.t, None, case.zone))
    ]
    looks_back = any(isinstance(node, LookBack) for node in rule.walk())
    readings = [counted, counted + nobodys] if looks_back else [counted + nobodys]
    persons = len({root for _, root in counted})
    expected = []
    for reading in readings:
        times = [event.t for event, _ in reading]
        limits = [format_time(min(times)), format_time(max(times))] if times else [None, None]
        expected.append([len(reading), persons, *limits])
    got = [run[name] for name in ("events", "persons", "from", "to")]
    if got not in expected:
        raise Different(
            f"--where: expected events, persons, from, to {expected[0]}, got {got}"
            "\nevents for which it holds:\n  "
            + "\n  ".join(event.line for event, _ in counted)
        )
    if "lateness" not in case.extra:
        check_same_bytes(runner, case, "funnel", options, False)


def check_steps(runner, case):
    """Persons at the two steps of a funnel, both look-back conditions; any window."""
    events, inside, options = aggregated(case)
    options += [*case.options, "--window", "20000d"]
    for name, rule in zip("ab", case.rules):
        options += ["--step", f"{name}={rule.text}"]
    if len(case.rules) < 2:
        options += ["--step", "b=true"]
    output = runner.run("funnel", case, options, case.lines, rules=False)
    got = [record["persons"] for record in records_of(output)["funnel.step"]]
    first, second = collections.defaultdict(list), collections.defaultdict(list)
    for event, root, value in answers_of(case, events, case.rules[0]):
        if value is True and event.place in inside:
            first[root].append(event)
    nodes = case.rules[1] if len(case.rules) > 1 else Constant("true", True)
    for event, root, value in answers_of(case, events, nodes):
        if value is True and event.place in inside:
            second[root].append(event)
    runner.answers += 2 * len(events)
    both = [
        root
        for root in first
        if any(a.place != b.place and a.t <= b.t for a in first[root] for b in second[root])
    ]
    expected = [len(first), len(both)]
    if (got or [0, 0]) != expected:
        raise Different(f"steps: expected persons {expected}, got {got}")
    check_same_bytes(runner, case, "funnel", options, False)


def check_by(runner, case):
    """--by gives the value of a look-back function at one event."""
    events, _, options = aggregated(case)
    node = case.rules[0]
    for event, _, value in list(answers_of(case, events, node)):
        identifier = event.fields["properties"]["id"]
        if event.place % 4:
            continue
        steps = ["--step", f"a=properties.id == {identifier}", "--step", "b=false"]
        command = [*options, *case.options, *steps, "--by", node.text]
        output = runner.run("funnel", case, command, case.lines, rules=False)
        runner.answers += 1
        steps = [
            parse_line(line) for line in output if line.startswith('{"record":"funnel.step"')
        ]
        if value is Failed or isinstance(value, Moment):
            continue
        wanted = identity(value)
        found = [
            list(record["by"].values())[0] for record in steps if record["step"] == 1
        ]
        if [identity(value) for value in found] != [wanted]:
            raise Different(f"--by at\n  {event.line}\nexpected {value}, got {found}")


def check_many(runner, case):
    """distinct with more than 256 values: an estimate within five standard errors."""
    events, order = taken_events(case)
    output = runner.run("segment", case, case.options, case.lines)
    sets, asked = collections.defaultdict(list), {}
    if len(output) != len(events):
        raise Different(f"expected {len(events)} events, got {len(output)}")
    for line, event in zip(output, events):
        got = set(added_segments(line, event))
        name = event.ids[0]
        sets[name].append(event)
        now = asked[name] = max(event.t, asked.get(name, event.t))
        if event.place % (1 + len(events) // 60) and event is not events[-1]:
            continue
        context = Context(event, now, sets[name], case.zone)
        answers = {}
        for index, rule in enumerate(case.rules):
            call, bound = rule.parts
            if call not in answers:
                answers[call] = call.value(context)
            exact, limit = answers[call], bound.constant
            margin = SIGMAS * STANDARD_ERROR * exact if exact > 256 else 0
            runner.answers += 1
            if limit <= exact - margin or margin == 0 and limit <= exact:
                expected = True
            elif limit > exact + margin:
                expected = False
            else:
                continue
            if (f"r{index}" in got) != expected:
                raise Different(
                    f"at the event\n  {event.line}\n{rule.text}: exact {exact},"
                    f" expected {expected}, got {not expected}"
                )


CHECKS = {
    "annotate": check_annotate,
    "reorder": check_annotate,
    "changes": check_changes,
    "reorder-changes": check_changes,
    "populations": check_populations,
    "where": check_where,
    "lateness": check_where,
    "steps": check_steps,
    "by": check_by,
    "many": check_many,
}


# Random cases


VALUES = (
    "1 1.0 1e0 10e-1 1 2 2 3 0.5 5e-1 -0 0 0.0 -3 0.1 0.2 0.4 2.25 100 1e2 1E+2"
    " 9007199254740993 9007199254740992 123456789012345678901234567890 1e29 1e30 -1e29"
    " 1234567890123456789012345678901 1e-20 true false null null [] {} [1] [1.0] [1,2] [2,1]"
    ' "1" "x" "x" "" "y" "true" "null" [null] [[1]] {"a":1} {"a":1.0}'
    ' {"a":1,"b":2} {"b":2,"a":1e0} {"a":null} "\\u00e9" "é" "e\\u0301" "\\ud83d\\ude00" "😀" "\\u0078"'
).split()

LENGTHS = [
    "1ms 5ms 50ms 63ms 64ms 65ms 100ms 128ms 1s".split(),
    "1s 1500ms 10s 30s 64s 1m 1m1s".split(),
    "15m 1h 90m 1h30m 12h 24h".split(),
    "1d 36h 2d 7d 1w 28d 4w".split(),
]
DAYS = "1d 2d 48h 3d 7d 1w 28d 4w".split()
NAMES = ["A", "B", "C"]


class Maker:
    def __init__(self, generator, functions, zones, ties):
        self.random, self.functions, self.ties = generator, functions, ties
        lengths = generator.choice(LENGTHS)
        if generator.random() < 0.2:
            lengths = lengths + generator.choice(LENGTHS)
        self.lengths = generator.sample(lengths, min(len(lengths), generator.choice([1, 2, 3])))
        self.zone = generator.choice(ZONES) if zones and generator.random() < 0.7 else "UTC"
        if "days" in functions and generator.random() < 0.5:
            self.lengths += [generator.choice(DAYS)]
        self.base = self.begin()
        self.sequence_lengths = [milliseconds(length) for length in self.lengths]

    def begin(self):
        chosen = self.random.choice(
            [
                "2026-03-01T00:00:00Z",
                "2026-03-28T20:00:00Z",  # Berlin's summer time begins
                "2026-11-01T03:00:00Z",  # New York's ends, Havana's
                "2026-03-08T03:00:00Z",  # they begin
                "2018-11-03T20:00:00Z",  # São Paulo: no midnight
                "2018-02-17T20:00:00Z",  # São Paulo: back at midnight
                "2011-12-29T20:00:00Z",  # Apia: no 30th
                "2010-11-07T01:00:00Z",  # St John's: back from 00:01
                "2026-04-04T10:00:00Z",  # Lord Howe
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59Z",
                "2024-02-28T23:59:59Z",
            ]
        )
        moment = parse_time(chosen)
        if self.random.random() < 0.5:
            moment += self.random.randrange(10_000_000)
        return moment

    # Events

    def times(self, count, ordered):
        moments = self.some_times(count, ordered)
        if self.ties:
            return moments
        used = set()
        for index, moment in enumerate(moments):
            while moments[index] in used:
                moments[index] += 1
            used.add(moments[index])
        return moments

    def some_times(self, count, ordered):
        chosen = [self.base]
        newest = self.base
        while len(chosen) < count:
            length = self.random.choice(self.sequence_lengths)
            step = step_of(length)
            how = self.random.random()
            anchor = self.random.choice(chosen[-12:])
            if how < 0.12:
                moment = newest
            elif how < 0.35:
                moment = newest + self.random.randrange(max(1, length // 6) + 1)
            elif how < 0.45:
                moment = newest + self.random.randrange(step + 1)
            elif how < 0.6:
                moment = anchor + self.random.choice([1, 1, 1, 2, 3]) * length
                moment += self.random.choice([-1, 0, 0, 1])
            elif how < 0.75:
                moment = (anchor // step + 1) * step + length + self.random.choice([-1, 0, 0, 1])
            elif how < 0.8:
                moment = newest + self.random.randrange(2 * length + 1)
            elif how < 0.85:
                days = calendar(self.zone)
                moment = days.begin(days.day(newest) + self.random.choice([0, 1, 1, 2]))
                moment += self.random.choice([-1, 0, 0, 1])
            elif how < 0.9:
                moment = anchor
            else:
                moment = anchor - self.random.randrange(length + 1)
            if ordered:
                moment = max(moment, newest)
            if moment < -4_000_000_000:
                continue
            newest = max(newest, moment)
            chosen.append(moment)
        return chosen

    def line(self, moment, index, persons):
        parts = []
        what = self.random.random()
        typed = None
        if what < 0.8:
            parts.append(f'"event":"{self.random.choice(NAMES)}"')
        elif what < 0.9:
            typed = self.random.choice(["page", "identify", "screen", "group"])
            parts.append(f'"type":"{typed}"')
        else:
            parts.append(f'"type":"track","event":"{self.random.choice(NAMES)}"')
        person = self.random.randrange(persons)
        who = self.random.random()
        if who < 0.55:
            parts.append(f'"userId":"u{person}"')
        elif who < 0.88:
            parts.append(f'"anonymousId":"a{person}"')
        elif who < 0.94:
            other = self.random.randrange(persons) if self.random.random() < 0.3 else person
            parts.append(f'"userId":"u{person}","anonymousId":"a{other}"')
        elif who < 0.96:
            parts = [f'"type":"alias","userId":"u{person}","previousId":"a{person}"']
        else:
            parts.append(self.random.choice(['"userId":null', '"userId":""', '"other":1']))
        zone = self.random.choice([0, 0, 0, 0, 120, -330, 60])
        finer = self.random.choice(["", "", "", "9", "999"]) if moment > 0 else ""
        parts.append(f'"timestamp":"{format_time(moment, zone, finer)}"')
        if self.random.random() < 0.5:
            message = self.random.choice(["1", "2", "10", "a", "é", "Z", "", "m", "m1", "\\n"])
            parts.append(f'"messageId":"{message}"')
        if self.random.random() < 0.3:
            parts.append(f'"channel":"{self.random.choice(["web", "email"])}"')
        if self.random.random() < 0.05:
            parts.append('"bot":true')
        properties = [f'"id":{index}']
        for name in ["v", "w"]:
            if self.random.random() < 0.85:
                properties.append(f'"{name}":{self.random.choice(VALUES)}')
        if self.random.random() < 0.97:
            parts.append('"properties":{%s}' % ",".join(properties))
        else:
            parts.append(self.random.choice(['"properties":null', '"properties":7', '"other":[]']))
        first, *rest = parts
        if self.random.random() < 0.3:
            self.random.shuffle(rest)
        return "{" + ",".join([first, *rest]) + "}"

    def lines(self, count=None, ordered=False, always=False):
        count = count or self.random.choice([4, 8, 15, 30, 45])
        persons = self.random.choice([1, 1, 2, 3, 6])
        lines = []
        for index, moment in enumerate(self.times(count, ordered)):
            line = self.line(moment, index, persons)
            while always and '"properties":{' not in line:
                line = self.line(moment, index, persons)
            lines.append(line)
            if self.random.random() < 0.03 and not always and self.ties:
                lines.append(line)  # the same line twice
        return lines

    # Conditions on an event alone

    def condition(self, depth=0):
        how = self.random.random()
        if depth < 2 and how < 0.12:
            sign = self.random.choice(["&&", "||"])
            return Logic(sign, self.condition(depth + 1), self.condition(depth + 1))
        if depth < 2 and how < 0.18:
            return Not(self.condition(depth + 1))
        if how < 0.5:
            name = self.random.choice(NAMES)
            return Compare("==", Field("event"), Constant(f'"{name}"', name))
        if how < 0.6:
            names = self.random.sample([*NAMES, "Page Viewed", "Identified"], 2)
            return In(Field("event"), [Constant(f'"{name}"', name) for name in names])
        if how < 0.66:
            return Compare("==", Field("channel"), Constant('"web"', "web"))
        if how < 0.72:
            return Constant("true", True)
        if how < 0.78:
            return Has(self.random.choice(["v", "w"]))
        if how < 0.82:
            moment = self.base + self.random.randrange(2 * max(self.sequence_lengths))
            return Compare(
                self.random.choice([">", ">=", "<"]),
                Now(),
                Constant(f'timestamp("{format_time(moment)}")', Moment(moment)),
            )
        sign = self.random.choice(["==", "!=", "<", ">=", ">"])
        return Compare(sign, Field(self.random.choice(["properties.v", "properties.w"])), self.bound())

    def bound(self):
        value = self.random.choice(["0", "1", "2", "0.5", "100", "-3"])
        return Constant(value, number(value))

    def field(self):
        return Field(
            self.random.choice(
                ["properties.v"] * 5
                + ["properties.w", "record.properties.w", "event", "channel", "properties"]
            )
        )

    # Look-back calls, and rules of them

    def length(self):
        return self.random.choice(self.lengths)

    def call(self, name):
        window = [self.length()] if self.random.random() < 0.6 else []
        if name == "plain":
            return self.field()
        if name == "count":
            return LookBack("count", self.condition(), *window)
        if name in ("sum", "distinct"):
            return LookBack(name, self.condition(), self.field(), *window)
        if name in ("first", "last"):
            return LookBack(name, self.condition())
        if name == "latest":
            return LookBack(name, self.condition(), self.field())
        if name == "days":
            return LookBack(name, self.condition(), self.random.choice(DAYS))
        if name == "periods":
            count = self.random.choice([1, 2, 3, 4, 6, 12])
            return LookBack(
                name, self.condition(), self.length(), count, self.random.choice([1, 1, 2, 3])
            )
        within, ago = self.length(), self.length()
        if milliseconds(ago) > 4096 * milliseconds(within):
            within, ago = ago, within
        return LookBack(name, self.condition(), self.condition(), within, ago)

    def measure(self, name):
        """A condition on one call."""
        if name == "plain":  # none at all: tries what is around the functions
            return self.condition()
        call = self.call(name)
        sign = self.random.choice(["==", "!=", "<", ">=", ">", "==", ">="])
        if name in ("count", "distinct", "days", "periods"):
            value = self.random.choice([0, 1, 1, 2, 2, 3, 4, 5, 7])
            if self.random.random() < 0.1 and name == "count":
                return Compare(sign, Plus(call, self.call("count")), Constant(str(value), value))
            if self.random.random() < 0.15:
                return Compare(sign, call, self.call(name))
            return Compare(sign, call, Constant(str(value), value))
        if name == "sum":
            value = self.random.choice(
                "0 1 2 3.5 0.5 100 103 9007199254740992 9007199254740993 -3".split()
            )
            return Compare(sign, call, Constant(value, number(value)))
        if name == "sequence":
            return call
        if name == "latest":
            text = self.random.choice(['null', '1', '"x"', '"é"', "[1]", '{"a": 1}', "true", '"A"', "2"])
            sign = self.random.choice(["==", "==", "==", "!=", ">"] if text in "12" else ["==", "!="])
            return Compare(sign, call, Constant(text, parse_line(text)))
        how = self.random.random()
        if how < 0.2:
            return Compare(self.random.choice(["==", "!="]), call, Constant("null", None))
        length = self.random.choice(self.sequence_lengths)
        length += self.random.choice([-1, 0, 0, 1])
        bound = Constant(f'duration("{length}ms")', Length(length))
        if how < 0.6:
            sign = self.random.choice([">", ">=", "<", "<="])
            return Compare(sign, Difference(Now(), call), bound)
        if how < 0.8 and "first" in self.functions and "last" in self.functions:
            sign = self.random.choice([">", ">=", "<"])
            return Compare(sign, Difference(self.call("last"), self.call("first")), bound)
        moment = self.base + self.random.randrange(2 * length + 2)
        bound = Constant(f'timestamp("{format_time(moment)}")', Moment(moment))
        return Compare(self.random.choice(["<", ">="]), call, bound)

    def rule(self, depth=0):
        how = self.random.random()
        if depth < 2 and how < 0.1:
            sign = self.random.choice(["&&", "||"])
            return Logic(sign, self.rule(depth + 1), self.rule(depth + 1))
        if depth < 2 and how < 0.14:
            return Not(self.rule(depth + 1))
        if depth < 2 and how < 0.16:
            return Choice(self.rule(depth + 1), self.rule(depth + 1), self.rule(depth + 1))
        if depth < 2 and how < 0.22:
            own = self.condition(2)
            return Logic(self.random.choice(["&&", "||"]), own, self.rule(depth + 1))
        return self.measure(self.random.choice(self.functions))

    def rules(self):
        return [self.rule() for _ in range(self.random.choice([1, 3, 6, 12]))]

    def case(self, mode):
        extra, options = {"shuffle": self.random.randrange(1 << 30)}, []
        if mode == "annotate":
            rules, lines = self.rules(), self.lines()
            if self.random.random() < 0.2:
                extra["where"] = where = self.condition()
                options += ["--where", where.text]
            return Case(mode, rules, lines, self.zone, options, extra)
        if mode == "changes":
            return Case(mode, self.rules(), self.lines(), self.zone, options, extra)
        if mode in ("reorder", "reorder-changes", "lateness"):
            length = self.length()
            extra["lateness" if mode == "lateness" else "reorder"] = length
            word = "--lateness" if mode == "lateness" else "--reorder"
            options += [word, f"{milliseconds(length)}ms"]
            options += ["--max-jump", "100000d"]
            rules = [self.rule()] if mode == "lateness" else self.rules()
            lines = self.lines()
            if mode == "lateness":  # what a late event links, a bot's moves is not defined
                lines = [line for line in lines if len(Event(line, 0).ids) < 2 and "bot" not in line]
            return Case(mode, rules, lines, self.zone, options, extra)
        if mode == "populations":
            lines = self.lines()
            if self.random.random() < 0.3:
                newest = max(Event(line, 0).t for line in lines)
                extra["as_of"] = newest + self.random.choice(self.sequence_lengths)
            return Case(mode, self.rules(), lines, self.zone, options, extra)
        if mode in ("where", "steps"):
            lines = self.lines()
            if self.random.random() < 0.4:
                times = [Event(line, 0).t for line in lines]
                extra["since"] = self.random.choice(times)
                if self.random.random() < 0.3:
                    extra["until"] = max(times) - self.random.randrange(1000)
            rules = [self.rule() for _ in range(1 if mode == "where" else 2)]
            return Case(mode, rules, lines, self.zone, options, extra)
        if mode == "by":
            names = [name for name in self.functions if name not in ("first", "last", "latest")]
            node = self.call(self.random.choice(names or ["count"]))
            lines = self.lines(self.random.choice([8, 15, 30]), always=True)
            return Case(mode, [node], lines, self.zone, options, extra)
        return self.many_case(extra)

    def many_case(self, extra):
        """Hundreds to thousands of different values."""
        different = self.random.choice([250, 256, 257, 300, 1000, 5000])
        count = self.random.choice([600, 2000, 6000])
        length = self.random.choice(["1h", "1d", "7d"])
        each = self.random.choice([3, 20, 50]) * milliseconds(length) // count
        lines, moment = [], self.base
        for index in range(count):
            moment += self.random.randrange(2 * each + 1)
            if self.random.random() < 0.003:
                moment += milliseconds(length) // self.random.choice([1, 2, 8])
            late = self.random.randrange(4 * each + 1) if self.random.random() < 0.05 else 0
            value = self.random.randrange(different)
            text = self.random.choice([f"{value}", f"{value}.0", f'"{value}"', f"[{value}]"])
            lines.append(
                f'{{"event":"{self.random.choice(NAMES)}","userId":"u","timestamp":'
                f'"{format_time(moment - late)}","properties":{{"v":{text}}}}}'
            )
        rules = []
        conditions = [
            Constant("true", True),
            Compare("==", Field("event"), Constant('"A"', "A")),
        ]
        for window, condition in itertools.product(([], [length]), conditions):
            call = LookBack("distinct", condition, Field("properties.v"), *window)
            for bound in [1, 10, 50, 100, 200, 255, 256, 257, 300, 350, 400, 500, 700, 1000]:
                if bound not in (255, 256, 257):
                    bound += self.random.randrange(1 + bound // 10)
                rules.append(Compare(">=", call, Constant(str(bound), bound)))
        return Case("many", rules, lines, "UTC", [], extra)


# Shrinking


def difference(runner, case):
    try:
        CHECKS[case.mode](runner, case)
    except (Different, Unable) as found:
        return found
    return None


def shrunk(runner, case, kind_of):
    """A smaller case that still differs: rules first, then lines, in ever smaller pieces."""

    def fails(candidate):
        return type(difference(runner, candidate)) is kind_of

    if len(case.rules) > 1 and case.mode != "steps":
        for rule in case.rules:
            if fails(case.smaller(rules=[rule])):
                case = case.smaller(rules=[rule])
                break
    changed = True
    while changed:
        changed = False
        for index, rule in enumerate(case.rules):
            for part in rule.parts:
                if not any(isinstance(node, LookBack) for node in part.walk()):
                    continue
                if isinstance(part, (Compare, Logic, Not, Choice)) or getattr(part, "name", "") == "sequence":
                    candidate = case.smaller(
                        rules=[*case.rules[:index], part, *case.rules[index + 1 :]]
                    )
                    if fails(candidate):
                        case, changed = candidate, True
                        break
    size = max(1, len(case.lines) // 2)
    while True:
        place, removed = 0, False
        while place < len(case.lines):
            lines = case.lines[:place] + case.lines[place + size :]
            if lines and fails(case.smaller(lines=lines)):
                case, removed = case.smaller(lines=lines), True
            else:
                place += size
        if size > 1:
            size //= 2
        elif not removed:
            return case


def keep(runner, case, found, folder):
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(runner.folder):
        shutil.copy(f"{runner.folder}/{name}", folder)
    text = [f"mode {case.mode}", f"command (in this folder): {runner.command}"]
    text += [f"r{index}: {rule.text}" for index, rule in enumerate(case.rules)]
    text += ["input:", *(f"  {line}" for line in case.lines[:40])]
    if len(case.lines) > 40:
        text.append(f"  … {len(case.lines)} lines")
    text += ["difference:", str(found)]
    with open(f"{folder}/difference.txt", "w") as file:
        file.write("\n".join(text) + "\n")
    print("\n".join(text), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", default=".build/release", help="folder of the programs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--functions", default=",".join(FUNCTIONS))
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--no-time-zone", action="store_true", help="UTC only")
    parser.add_argument("--no-ties", action="store_true", help="no two events of one moment")
    parser.add_argument("--keep", default="lookback-difference", help="folder for a difference")
    parser.add_argument("--all", action="store_true", help="go on after a difference")
    options = parser.parse_args()
    functions, modes = options.functions.split(","), options.modes.split(",")
    if set(functions) - {*FUNCTIONS, "plain"} or set(modes) - set(MODES):
        parser.error(f"functions are {','.join(FUNCTIONS)}; modes {','.join(MODES)}")
    if "distinct" not in functions:
        modes = [mode for mode in modes if mode != "many"]
    zones = "days" in functions and not options.no_time_zone
    differing = 0
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(options.programs, folder)
        for index in range(options.first, options.first + options.cases):
            generator = random.Random(f"{options.seed}/{index}")
            mode = generator.choice(modes)
            if mode == "many" and generator.random() < 0.8:
                mode = generator.choice(modes)
            case = Maker(generator, functions, zones, not options.no_ties).case(mode)
            counts[mode] += 1
            found = difference(runner, case)
            if found is None:
                continue
            differing += 1
            print(f"--seed {options.seed} --first {index} --cases 1: {type(found).__name__}")
            case = shrunk(runner, case, type(found))
            found = difference(runner, case)
            keep(runner, case, found, options.keep + (f"/{index}" if options.all else ""))
            if not options.all:
                sys.exit(1)
    told = ", ".join(f"{mode} {count}" for mode, count in sorted(counts.items()))
    print(f"{differing} of {options.cases} cases differ; {runner.answers} answers; {told}")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
