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
    samples = [
        shared("data/logs/**/*", lines=20),
        shared("data/events/**/*", lines=20),
        shared("data/shop/**/*", lines=20),
        events(20),
    ]
    for lines in samples:
        for start in range(0, len(lines), 4):
            for choice in range(7):
                yield bytes([choice]) + b"\n".join(lines[start : start + 4])
    # Of each format that is data its own sample; the numbers are those of `--from` but for auto.
    maps = sorted(glob.glob("Sources/parse/Resources/*.json"))
    names = [os.path.basename(path)[: -len(".json")] for path in maps]
    names.remove("json")
    names.remove("channels")
    for number, name in enumerate(names, start=5):
        lines = content(f"Tests/ParseTests/Samples/{name}.ndjson").splitlines()
        for line in lines:
            yield bytes([number]) + line
        yield b"\xff" + content(f"Sources/parse/Resources/{name}.json") + b"\0" + lines[0]
    for path in glob.glob("examples/maps/*.json"):
        yield b"\xff" + content(path) + b"\0" + b"\n".join(samples[2][:4])
    for small in MAPS:
        yield b"\xff" + small + b"\0" + b'{"a":{"b":[{"k":"c","v":"1.50"}]},"t":1773397274}'


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
    seen = set()
    for content in make():
        seen.add(bytes(content))
    chosen = sorted(seen)
    random.Random(1).shuffle(chosen)
    for number, content in enumerate(chosen[:2000]):
        with open(f"{folder}/seed-{number}", "wb") as file:
            file.write(content)
    if target == "State":
        with open(f"{folder}/../rules.json", "wb") as file:
            file.write(RULES)


main()
