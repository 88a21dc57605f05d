"""Compares expressions with other implementations of CEL on random expressions and records.

    pip install cel-python==0.5.0 common-expression-language==0.10.0
    python3 Tests/differential/cel.py .build/release/parse [PAIRS] [SEED] [rust|python|both]

`parse` evaluates a few hundred expressions at once: each is a field of a mapping. A value stands in
a list there, so that an error, which writes nothing, is told from null. Where an implementation is
known not to follow the standard its answer is left out, and counted: see KNOWN. Ends with status 1
where another answer differs.
"""

import collections
import datetime
import json
import logging
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

# One of the other implementations is a module of this file's name.
sys.path.pop(0)

ERROR = "error"

TEXTS = ["", "a", "ab", "abc", "grey", "gray", "é", "mañana", "😀", "a\nb", 'q"t', "7", "-3", "true"]
PATTERNS = [
    "a+", "^gr(a|e)y$", "[^a-c]", "(ab|b)*c?$", r"\\d", "^$", "a.b", "(?i)GREY", "(a|ab)(c|bcd)?", r"\\bab\\b",
    "ñ", "[[:alpha:]]{2,3}", "^[a-z]{2,}$", r"\\pL+", "😀|é", "(a*)*$", "x?y?z?",
]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Sydney", "+05:45", "-02:30"]
TIMES = ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2009-02-13T23:31:30Z", "1969-12-31T23:59:59.5Z",
         "2024-02-29T12:00:00+02:00", "2000-01-01T00:00:00Z"]
LENGTHS = ["0s", "1s", "90m", "1.5s", "-36h", "1h30m", "250ms"]
PARTS = ["getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours",
         "getMinutes", "getSeconds", "getMilliseconds"]


class Maker:
    """Makes expressions of a wanted type, over the fields that `record` makes."""

    def __init__(self, seed, without):
        self.random = random.Random(seed)
        self.variables = []
        self.without = without

    def has(self, feature):
        return feature not in self.without

    def one(self, *choices):
        return self.random.choice(choices)

    def make(self, kind, depth):
        local = [name for name, type in self.variables if type == kind]
        if local and self.random.random() < 0.4:
            return self.random.choice(local)
        if depth > 0 and self.random.random() < 0.12:
            return f"({self.make('bool', depth - 1)} ? {self.make(kind, depth - 1)} : {self.make(kind, depth - 1)})"
        return getattr(self, kind)(depth - 1)

    def int(self, depth):
        if depth <= 0 or self.random.random() < 0.2:
            return self.one("int(i)", "int(j)", "int(big)", "0", "1", "7", "-5", "0x1F", "9223372036854775807")
        form = self.random.randrange(9)
        if form < 4:
            operator = self.one("+", "-", "*", "/", "%")
            return f"({self.make('int', depth)} {operator} {self.make('int', depth)})"
        if form == 4:
            return f"size({self.make(self.one('text', 'ints', 'texts', 'map'), depth)})"
        if form == 5 and self.has("conversions"):
            return f"int({self.make(self.one('double', 'text', 'uint', 'int'), depth)})"
        if form == 6 and self.has("indices"):
            return f"{self.make('ints', depth)}[{self.make('int', depth)}]"
        if form == 7 and self.has("mixed"):
            return f"{self.make('map', depth)}[{self.make('text', depth)}]"
        return f"-({self.make('int', depth)})"

    def uint(self, depth):
        if depth <= 0 or self.random.random() < 0.5:
            return self.one("0u", "1u", "7u", "18446744073709551615u", "uint(int(i))")
        return f"({self.make('uint', depth)} {self.one('+', '-', '*', '/', '%')} {self.make('uint', depth)})"

    def double(self, depth):
        if depth <= 0 or self.random.random() < 0.3:
            return self.one("double(d)", "double(e)", "0.0", "1.5", "-2.25", "1e3", ".5", "double(int(i))")
        if self.random.random() < 0.15 and self.has("conversions"):
            return f"double({self.make(self.one('int', 'text', 'uint'), depth)})"
        return f"({self.make('double', depth)} {self.one('+', '-', '*', '/')} {self.make('double', depth)})"

    def text(self, depth):
        if depth <= 0 or self.random.random() < 0.4:
            return self.one("s", "t", json.dumps(self.random.choice(TEXTS), ensure_ascii=self.random.random() < 0.5)
                            .replace("\\ud83d\\ude00", "\\U0001F600"), "r'a\\b'", "'\\x41\\101'", "'''a'b'''" if self.has("triple quotes") else "'a'")
        form = self.random.randrange(4)
        if form == 0:
            kinds = ["int", "uint", "text"] + (["bool"] if self.has("texts of bools") else [])
            return f"string({self.make(self.random.choice(kinds), depth)})"
        if form == 1 and self.has("indices"):
            return f"{self.make('texts', depth)}[{self.make('int', depth)}]"
        return f"({self.make('text', depth)} + {self.make('text', depth)})"

    def ints(self, depth):
        if depth <= 0 or self.random.random() < 0.4:
            return self.one("[]", "[1, 2, 3]", "[int(i), int(j)]", "[5]")
        if self.random.random() < 0.5:
            return f"({self.make('ints', depth)} + {self.make('ints', depth)})"
        return self.loop(self.one("map", "filter"), "int", depth)

    def texts(self, depth):
        if depth <= 0 or self.random.random() < 0.5:
            return self.one("['a', 'ab']", "l", "[s, t]", "['']")
        if self.random.random() < 0.5:
            return f"({self.make('texts', depth)} + {self.make('texts', depth)})"
        return self.loop(self.one("map", "filter"), "text", depth)

    def map(self, depth):
        if depth <= 0 or self.random.random() < 0.6:
            return self.one("{}", "{'a': 1, 'ab': 2}", "{s: 5}")
        return f"{{{self.make('text', depth)}: {self.make('int', depth)}, 'x': 1}}"

    def loop(self, macro, kind, depth):
        """A loop over ints or texts."""
        name = f"x{len(self.variables)}"
        source = self.make({"int": "ints", "text": "texts"}[kind], depth)
        self.variables.append((name, kind))
        body = self.make(kind if macro == "map" else "bool", depth)
        self.variables.pop()
        return f"{source}.{macro}({name}, {body})"

    def time(self, depth):
        if depth <= 0 or self.random.random() < 0.6:
            return f"timestamp('{self.random.choice(TIMES)}')"
        return f"({self.make('time', depth)} {self.one('+', '-')} {self.make('length', depth)})"

    def length(self, depth):
        if depth <= 0 or self.random.random() < 0.6:
            return f"duration('{self.random.choice(LENGTHS)}')"
        if self.random.random() < 0.5 or not self.has("sums of lengths"):
            return f"({self.make('time', depth)} - {self.make('time', depth)})"
        return f"({self.make('length', depth)} {self.one('+', '-')} {self.make('length', depth)})"

    def part(self, depth):
        if self.random.random() < 0.25:
            return f"{self.make('length', depth)}.{self.one('getHours', 'getMinutes', 'getSeconds')}()"
        zone = f"'{self.random.choice(ZONES)}'" if self.has("zones") and self.random.random() < 0.5 else ""
        return f"{self.make('time', depth)}.{self.random.choice(PARTS)}({zone})"

    def bool(self, depth):
        if depth <= 0 or self.random.random() < 0.1:
            forms = ["true", "false", "b", "has(o.a)", "has(o.z)", "n == null"]
            if self.has("mixed"):
                forms += ["o.a == 'x'", "o.z == 'x'", "s == null"]
            return self.random.choice(forms)
        form = self.random.randrange(14 if self.has("mixed") else 13)
        if form == 7 and not self.has("mixed"):
            form = 4
        if form < 3:
            return f"({self.make('bool', depth)} {self.one('&&', '||')} {self.make('bool', depth)})"
        if form == 3:
            return f"!({self.make('bool', depth)})"
        if form < 7:
            kind = self.one("int", "uint", "double", "text", "text", "int", "time", "length", "bool")
            return f"({self.make(kind, depth)} {self.comparison()} {self.make(kind, depth)})"
        if form == 7:
            left, right = self.one(("int", "double"), ("uint", "int"), ("double", "uint"))
            return f"({self.make(left, depth)} {self.comparison()} {self.make(right, depth)})"
        if form == 8:
            left, right = self.one(("int", "ints"), ("text", "texts"), ("text", "map"))
            return f"({self.make(left, depth)} in {self.make(right, depth)})"
        if form == 9:
            kind = self.one("ints", "texts", "map")
            return f"({self.make(kind, depth)} {self.one('==', '!=')} {self.make(kind, depth)})"
        if form == 10:
            function = self.one("startsWith", "endsWith", *(["contains"] if self.has("contains") else []))
            return f"{self.make('text', depth)}.{function}({self.make('text', depth)})"
        if form == 11:
            return f"{self.make('text', depth)}.matches('{self.random.choice(PATTERNS)}')"
        if form == 12:
            return self.loop(self.one("all", "exists", "exists_one"), self.one("int", "text"), depth)
        return f"(dyn({self.make(self.kind(), depth)}) {self.one('==', '!=')} {self.make(self.kind(), depth)})"

    def comparison(self):
        return self.one("==", "!=", "<", "<=", ">", ">=")

    def kind(self):
        return self.one("int", "uint", "double", "text", "ints", "texts", "map", "bool", "time", "length")

    def expression(self):
        return self.make(self.one("bool", "bool", "bool", "int", "double", "text", "ints", "texts", "part", "map"), 4)

    def record(self):
        record = {
            "i": self.one(0, 1, -7, 42, 1 << 40), "j": self.one(2, 3, -1, 10), "d": self.one(0.5, 2.5, -1.25, 1e10),
            "big": self.one((1 << 62), -(1 << 63), 5, (1 << 53) + 1), "e": self.one(3.75, 1e-3),
            "s": self.random.choice(TEXTS), "t": self.random.choice(TEXTS), "b": self.one(True, False), "n": None,
            "l": self.random.sample(TEXTS, self.random.randrange(4)), "o": self.one({"a": "x"}, {"a": 1}, {"z": "x"}, {}),
        }
        return record


# Ours


def our_answers(program, expressions, records, folder):
    """The values by expression and record; an expression that is refused has none at all."""
    answers = {}
    live = list(range(len(expressions)))
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    while live:
        fields = ['"event": {"value": "E"}', '"userId": {"value": "u"}', '"timestamp": {"value": "2026-01-01T00:00:00Z"}']
        fields += [f'"properties.r{number}": {json.dumps({"cel": f"[{expressions[number]}]"})}' for number in live]
        mapping = folder / "map.json"
        mapping.write_text('{"rest": "drop", "fields": {\n' + ",\n".join(fields) + "\n}}")
        run = subprocess.run(
            [program, "--from", "json", "--map", str(mapping), "--max-line", "64M"], input=lines, text=True,
            capture_output=True)
        if run.returncode == 0:
            break
        place = run.stderr.split(f"{mapping}:")
        if run.returncode != 64 or len(place) < 2:
            sys.exit(f"cel.py: parse ended with {run.returncode}: {run.stderr[-500:]}")
        refused = live.pop(int(place[1].split(":")[0]) - 5)
        answers[refused] = "refused " + run.stderr.split(": ", 2)[2].split("\n")[0]
    rows = [json.loads(line).get("properties", {}) for line in run.stdout.splitlines()]
    if len(rows) != len(records):
        sys.exit(f"cel.py: {len(records)} records, {len(rows)} events: {run.stderr[-300:]}")
    for number in live:
        answers[number] = [row[f"r{number}"][0] if f"r{number}" in row else ERROR for row in rows]
    return answers


# Theirs


def plain(value):
    """A value of another implementation as ours is written in JSON."""
    if value is None or isinstance(value, bool):
        return value
    if type(value).__name__ == "BoolType":
        return bool(value)
    if isinstance(value, datetime.timedelta):
        whole, rest = divmod(value, datetime.timedelta(seconds=1))
        return ["duration", whole, rest.microseconds]
    if isinstance(value, datetime.datetime):
        return ["time", value.timestamp()]
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(type(value))


def python_evaluators(expressions):
    import celpy

    logging.disable(logging.CRITICAL)
    environment = celpy.Environment()
    for source in expressions:
        try:
            program = environment.program(environment.compile(source))
        except Exception:
            yield None
            continue

        def evaluate(record, program=program):
            try:
                result = program.evaluate({k: celpy.json_to_cel(v) for k, v in record.items()})
                return ERROR if isinstance(result, Exception) else plain(result)
            except Exception:
                return ERROR

        yield evaluate


def rust_evaluators(expressions):
    import cel

    for source in expressions:
        try:
            program = cel.compile(source)
        except Exception:
            yield None
            continue

        def evaluate(record, program=program):
            try:
                return plain(program.execute(record))
            except BaseException:
                return ERROR

        yield evaluate


EVALUATORS = {"python": python_evaluators, "rust": rust_evaluators}


def equal(left, right):
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right or math.isclose(left, right, rel_tol=1e-15)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return left == right


# What other implementations lack, or do otherwise than the standard: the README says why.
WITHOUT = {
    "rust": {"zones", "texts of bools"},
    "python": {"mixed", "triple quotes", "texts of bools", "indices", "conversions", "contains", "sums of lengths"},
}


def known(name, source, record, ours, theirs):
    """Whether an answer differs for a reason that the README names."""
    if isinstance(ours, str) and ours.startswith("refused"):
        return "a constant that no event can mend is refused before the first one"
    if name == "rust" and "size(" in source and (
        not json.dumps([source, record], ensure_ascii=False).isascii() or "\\" in source
    ):
        return "size() of a text counts bytes"
    if name == "rust" and "-(" in source and ours == ERROR:
        return "the negation of the least int wraps"
    if name == "rust" and "/ " in source and theirs == ERROR:
        return "NaN cannot be compared"
    if name == "python" and "-(" in source and ours == ERROR:
        return "the negation of the least int passes"
    if name == "rust" and "+02:00" in source:
        return "parts of a time are those of the offset that it is written with"
    if name == "rust" and (".exists(" in source or ".all(" in source) and theirs == ERROR:
        return "exists() and all() absorb no errors"
    if name == "python" and "/ " in source:
        return "a double divided by zero is no infinity"
    if name == "python" and "% " in source and ours == ERROR:
        return "the rest of the least int by -1 passes"
    return None


def main():
    program = sys.argv[1]
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    chosen = sys.argv[4] if len(sys.argv) > 4 else "both"
    names = list(EVALUATORS) if chosen == "both" else [chosen]
    compared = collections.Counter()
    left_out = collections.Counter()
    differences = 0
    round = 0
    with tempfile.TemporaryDirectory() as folder:
        while sum(compared.values()) < pairs:
            name = names[round % len(names)]
            maker = Maker(f"{seed} {round}", WITHOUT[name])
            round += 1
            expressions = [maker.expression() for _ in range(200)]
            records = [maker.record() for _ in range(20)]
            ours = our_answers(program, expressions, records, Path(folder))
            for number, evaluate in enumerate(EVALUATORS[name](expressions)):
                source = expressions[number]
                for index, record in enumerate(records):
                    is_refused = isinstance(ours[number], str)
                    mine = ERROR if is_refused else ours[number][index]
                    theirs = evaluate(record) if evaluate else ERROR
                    compared[name] += 1
                    if equal(mine, theirs):
                        continue
                    reason = known(name, source, record, ours[number] if is_refused else mine, theirs)
                    if reason:
                        left_out[f"{name}: {reason}"] += 1
                        continue
                    differences += 1
                    if differences <= 40:
                        print(f"{name}: {source}\n  of {json.dumps(record, ensure_ascii=False)}\n"
                              f"  ours {mine!r} {ours[number] if is_refused else ''}, theirs {theirs!r}")
                    break
    print(f"{dict(compared)} pairs, {differences} expressions that differ")
    for reason, count in left_out.most_common():
        print(f"  left out {count}: {reason}")
    sys.exit(1 if differences else 0)


main()
