"""Compares `matches` with RE2 itself on random patterns and texts, well-formed and not.

    pip install google-re2==1.1.20251105
    python3 Tests/differential/patterns.py .build/release/parse [PATTERNS] [SEED]

Each pattern is asked twice: as a literal, which is compiled into a table, and as a text that the
event gives, which is searched without. Ends with status 1 where an answer or a refusal differs.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import re2

ATOMS = ["a", "b", "c", "A", "k", "s", "é", "ß", "σ", "😀", "7", "_", " ", r"\n", ".", r"\d", r"\D", r"\w", r"\W", r"\s",
         r"\S", r"\b", r"\B", "^", "$", r"\A", r"\z", "[ab]", "[^a]", "[a-c]", "[^a-zé]", "[[:alpha:]]", "[[:^space:]]",
         r"\pL", r"\p{Lu}", r"\PN", r"\p{Greek}", r"\p{^Latin}", r"\p{Ll}", r"[\pL\d-]", r"\x41", r"\x{e9}", r"\Qa.b\E",
         r"\.", r"\-", "(?i)", "(?s)", "(?m)", "(?i:s)", "(?-i)", "(?ms)", "[]a]", "[^]a]", "[k-s]", "[é-ü]", r"\101", r"\07"]
ODD = ["(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "\\", r"\1", r"\8", r"\y", "(?=a)", "(?<!a)", "(?P<n>a)", "(?<m>b)",
       "(?P=n)", "{2}", "{2,", "{,3}", "{1001}", "{3,2}", "[z-a]", "[[:foo:]]", r"\p{Foo}", "(?x)", "(?", "[a", "^*",
       "$+", r"\b?", "[a-\\d]", "(?i", r"\x{110000}", r"\xg", "a**", "a*?", "a+?", "a??", "a{2}{3}", r"\pX", r"\_", "(?U)"]
LETTERS = ["a", "b", "c", "A", "K", "k", "s", "ſ", "\u212a", "é", "É", "ß", "ẞ", "σ", "ς", "Σ", "😀", "7", "_", " ", "\n", ".", "-", "]", "1"]


def pattern(generator, depth):
    parts = []
    for _ in range(generator.randint(1, 4)):
        roll = generator.random()
        if roll < 0.03:
            parts.append(generator.choice(ODD))
        elif roll < 0.3 and depth > 0:
            parts.append(generator.choice(["(", "(?:", "(?i:"]) + pattern(generator, depth - 1) + ")")
        else:
            parts.append(generator.choice(ATOMS))
        if generator.random() < 0.3:
            parts.append(generator.choice(["*", "+", "?", "{2}", "{1,3}", "{2,}", "{0}", "*?", "{0,1}"]))
        if generator.random() < 0.1:
            parts.append("|")
    return "".join(parts)


def refusal(error, mapping):
    place = error.split(f"{mapping}:")
    if len(place) < 2:
        sys.exit(f"patterns.py: {error[-500:]}")
    return int(place[1].split(":")[0]) - 5


def answers(program, patterns, texts, folder):
    live, refused = list(range(len(patterns))), set()
    mapping = folder / "map.json"
    lines = "".join(json.dumps({"s": text, "e": ""}) + "\n" for text in texts)
    while True:
        fields = ['"event": {"value": "E"}', '"userId": {"value": "u"}', '"timestamp": {"value": "2026-01-01T00:00:00Z"}']
        for number in live:
            literal = json.dumps(patterns[number], ensure_ascii=False)
            asked = {"cel": f"[s.matches({literal}), s.matches({literal} + e)]"}
            fields.append(f'"properties.r{number}": {json.dumps(asked)}')
        mapping.write_text('{"rest": "drop", "fields": {\n' + ",\n".join(fields) + "\n}}")
        run = subprocess.run([program, "--from", "json", "--map", str(mapping)], input=lines, text=True, capture_output=True)
        if run.returncode == 0:
            break
        refused.add(live.pop(refusal(run.stderr, mapping)))
    rows = [json.loads(line).get("properties", {}) for line in run.stdout.splitlines()]
    return refused, {number: [row.get(f"r{number}") for row in rows] for number in live}


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    generator = random.Random(sys.argv[3] if len(sys.argv) > 3 else 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # RE2 tells of each pattern that it refuses
    differences = asked = 0
    with tempfile.TemporaryDirectory() as folder:
        while asked < count:
            patterns = [pattern(generator, 3) for _ in range(200)]
            texts = ["".join(generator.choices(LETTERS, k=generator.randint(0, 8))) for _ in range(30)]
            asked += len(patterns)
            refused, ours = answers(program, patterns, texts, Path(folder))
            for number, source in enumerate(patterns):
                try:
                    theirs = re2.compile(source)
                except re2.error:
                    theirs = None
                if (theirs is None) != (number in refused):
                    print(f"{source!r}: {'RE2' if theirs is None else 'only ours'} refuses it")
                    differences += 1
                    continue
                if theirs is None:
                    continue
                for text, mine in zip(texts, ours[number]):
                    if r"\B" in source and not text.isascii():
                        continue  # RE2 finds places between the bytes of one character
                    wanted = theirs.search(text) is not None
                    if mine != [wanted, wanted]:
                        print(f"{source!r} in {text!r}: ours {mine}, RE2 {wanted}")
                        differences += 1
                        break
    print(f"{asked} patterns, {differences} differ")
    sys.exit(1 if differences else 0)


main()
