"""Writes the first inputs of a fuzz target: seeds.py TARGET FOLDER.

Lines of events that `simulate` makes and, where it is there, of ../shared; expressions and options
of the help texts; states that the programs write.
"""

import glob
import json
import os
import random
import subprocess
import sys

RELEASE = os.environ.get("FOOTFALL_PROGRAMS", ".build/release")
RULES = b"""{"segments":[{"name":"a","when":"count(event == \\"A\\", \\"1h\\") >= 2"},
{"name":"b","when":"sum(event == \\"C\\", properties.n, \\"90d\\") > 10"},
{"name":"c","when":"latest(event == \\"B\\", properties.plan) == \\"pro\\""}]}"""


PATTERNS = [
    rb"gr(a|e)y", rb"(a+)+b", rb"(?i)\pL{2,5}\b[^\d\s]*?$", rb"[[:alpha:]_\x{e9}-\x{ff}]+", rb"\Qa.b\E{3}",
    rb"(?P<n>a|b){0,40}c", rb"(?ms:^.*$)|\A\B\z", rb"\p{Greek}|\P{^Lu}|[^\PN]", rb"(x+x+)+y{1000}",
]


MAPS = [
    b'{"fields":{"event":{"value":"E"},"timestamp":"t","properties.*":"a"}}',
    b'{"lists":{"l":{"from":"a.b","key":"k","value":"v"}},"fields":{"event":{"text":"x{l.c}"},'
    b'"timestamp":"t","properties.n":{"from":"l.c","as":"cents"},"properties.*":"l"}}',
    b'{"shapes":[{"when":"has(record.z)","skip":"z"},{"emit":[{"each":{"e":"a.b"},"when":"e.k == \\"c\\"",'
    b'"fields":{"event":{"from":"e.k","names":{"c":"C"}},"timestamp":"t","properties.s":{"each":{"i":"a.b"},'
    b'"sum":"i.v","as":"negative"},"properties.p":{"each":{"i":"a.b"},"fields":{"q":"i.v"}}}}]}]}',
    b'{"table":{"delimiter":";","columns":["a","t"],"json":["a"]},"fields":{"event":"a","timestamp":"t"}}',
]


def content(path):
    with open(path, "rb") as file:
        return file.read()


def run(*command, data=b""):
    return subprocess.run(command, input=data, capture_output=True, check=False).stdout


def events(count=60):
    made = run(f"{RELEASE}/simulate", "--events", str(count), "--persons", "20")
    return made.splitlines()


def shared(*patterns, lines=40, bytes_max=3000):
    found = []
    for pattern in patterns:
        for path in sorted(glob.glob(f"../shared/{pattern}", recursive=True)):
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    head = file.read(200_000).splitlines()[:lines]
                found += [line for line in head if len(line) < bytes_max]
    return found


def scan():
    yield from events()
    for path in sorted(glob.glob("../shared/conformance/json/**/*.json", recursive=True)):
        with open(path, "rb") as file:
            content = file.read()
        if len(content) < 4000:
            yield content
            yield b'{"event":' + content + b"}"


def expressions():
    help_text = run(f"{RELEASE}/funnel", "--help-expr").decode()
    yield from (
        line.split("   →")[0].strip().encode() for line in help_text.splitlines() if "   →" in line
    )
    yield from PATTERNS
    for line in shared("conformance/cel.jsonl", lines=900):
        start = line.find(b'"expr":')
        if start >= 0:
            yield line[start + 8 : start + 200].split(b'",')[0]


def options():
    for number, program in enumerate(["funnel", "score", "segment", "parse"]):
        for line in run(f"{RELEASE}/{program}", "--help").decode().splitlines():
            words = line.split()
            if words and words[0].startswith("--"):
                yield bytes([number]) + "\0".join(words[:2]).encode()
    yield b"\0--steps\0A,B\0--lateness=1h\0--by\0channel\0--as-of\x002026-01-01"


def parse():
    """Of each part, which are formats and what else there is, its name and its lines."""
    samples = {
        "segment": shared("data/events/segment_spec_events.ndjson", lines=60) + events(20),
        "combined": shared("data/logs/**/*", lines=60),
        "common": [
            line.rsplit(b' "', 2)[0] for line in shared("data/logs/**/*", lines=60)
        ],
        "csv": [
            b"event,userId,timestamp,properties.note\nA,u,2026-01-01T00:00:00Z,\"b \"\"c\"\"\"\nB,v,1773397274,",
            b'event;anonymousId;sentAt\n"A\nB";1;2026-01-01T00:00:00Z',
        ],
        "json": shared("data/events/**/*", lines=10) + shared("data/shop/**/*", lines=20) + events(10),
    }
    if not samples["combined"]:
        samples["combined"] = [
            b'h - ada [17/May/2015:10:05:03 +0200] "GET /a?b=1 HTTP/1.1" 200 512 "http://a.org/" "UA"'
        ]
        samples["common"] = [b'h - - [17/May/2015:10:05:03 +0200] "GET / HTTP/1.1" 200 -']
    maps = sorted(glob.glob("Sources/parse/Resources/*.json"))
    names = [os.path.basename(path)[: -len(".json")] for path in maps]
    for name in names:
        if name not in ("json", "channels"):
            samples[name] = content(f"Tests/ParseTests/Samples/{name}.ndjson").splitlines()
    for part, lines in samples.items():
        for line in lines:
            yield part, line
        for start in range(0, len(lines), 5):
            yield part, b"\n".join(lines[start : start + 5])
        for line in lines[:5]:
            yield "auto", line
    for line in samples["segment"]:
        yield "options", line
        yield "privacy", line
    for path in maps + glob.glob("examples/maps/*.json"):
        name = os.path.basename(path)[: -len(".json")]
        lines = samples.get(name, samples["json"])
        yield "map", compact(content(path)) + b"\0" + b"\n".join(lines[:2])
    for small in MAPS:
        yield "map", small + b"\0" + b'{"a":{"b":[{"k":"c","v":"1.50"}]},"t":1773397274}'


def compact(text):
    """A JSON text without what is for people."""
    value = json.loads(text)
    value.pop("about", None)
    for shape in value.get("shapes", []):
        shape.pop("about", None)
    return json.dumps(value, separators=(",", ":")).encode()


def rules():
    yield RULES
    with open("examples/segments/segments.json", "rb") as file:
        yield file.read()
    with open("examples/demo/segments.json", "rb") as file:
        yield file.read()
    for expression in expressions():
        text = json.dumps({"segments": [{"name": "a", "when": expression.decode(errors="replace")}]})
        yield text.encode()
    for fault in (b"[]", b"{}", b'{"segments":[{"name":"a","name":"b"}]}', RULES[:60], RULES + b"}"):
        yield fault


def states():
    import base64

    with open("rules.json", "wb") as file:
        file.write(RULES)
    data = b"\n".join(events(200)) + b"\n"
    runs = [
        ["funnel", "--steps", "Product Viewed,Order Completed"],
        ["funnel", "--steps", "Product Viewed,Order Completed", "--lateness", "1h", "--by", "channel"],
        ["score", "--by", "channel"],
        ["segment", "--rules", "rules.json", "--changes", "--forget", "1d"],
        ["segment", "--rules", "rules.json", "--populations"],
        ["cohort", "--rolling", "--by", "channel"],
        ["session", "--rules", "matomo"],
        ["session", "--report", "--by", "channel"],
        ["session", "--summary", "--lateness", "1h", "--by", "channel"],
        ["kpi", "--period", "day", "--by", "channel"],
        ["parse", "--dedupe", "1h"],
    ]
    for choice, command in enumerate(runs):
        if os.path.exists("seed.state"):
            os.remove("seed.state")
        run(f"{RELEASE}/{command[0]}", "--state", "seed.state", *command[1:], data=data)
        with open("seed.state", "rb") as file:
            for line in file.read().splitlines():
                part = line.split(b'"part":"')[1].split(b'"')[0]
                content = base64.b64decode(line.split(b'"state":"')[1].split(b'"')[0])
                number = [b"run", b"persons", b"held", b"driver", b"end"].index(part)
                persons = int(line.split(b'"persons":')[1].split(b",")[0])
                if number < 4 and persons < 256:
                    yield bytes([choice, number, persons]) + content
                yield line
    for left in ["seed.state", "seed.state.lock", "rules.json"]:
        if os.path.exists(left):
            os.remove(left)


def write(folder, contents):
    os.makedirs(folder, exist_ok=True)
    chosen = sorted({bytes(content) for content in contents})
    random.Random(1).shuffle(chosen)
    for number, content in enumerate(chosen[:2000]):
        with open(f"{folder}/seed-{number}", "wb") as file:
            file.write(content)


def main():
    target, folder = sys.argv[1:]
    make = {
        "Scan": scan,
        "Expression": expressions,
        "Options": options,
        "Parse": parse,
        "State": states,
        "Rules": rules,
    }[target]
    if target == "Parse":
        parts = {}
        for part, content in make():
            parts.setdefault(part, []).append(content)
        for part, contents in parts.items():
            write(f"{folder}/{part}", contents)
            with open(f"{folder}/../lines-{part}", "wb") as file:
                lines = b"\n".join(content.split(b"\0")[-1] for content in contents).split(b"\n")
                file.writelines(line + b"\n" for line in sorted(set(lines)) if line)
        with open(f"{folder}/../key", "wb") as file:
            file.write(b"a key of more than sixteen bytes")
        os.chmod(f"{folder}/../key", 0o600)
        return
    write(folder, make())
    if target == "State":
        with open(f"{folder}/../rules.json", "wb") as file:
            file.write(RULES)


main()
