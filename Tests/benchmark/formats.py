"""Prints how fast `parse` reads each mapped format: `make bench` runs it at its end.

The samples of Tests/ParseTests/Samples, in the shapes of the vendors, are repeated to some megabytes, odd
lines and all; short lines cost more a byte. There is no peer: of each format other tools read but a part.

    ONLY=ga4 make bench           only the formats whose name contains the word
"""

import resource
import subprocess
from pathlib import Path
from statistics import median

from bench import DATA, ONLY, RELEASE, RUNS

SAMPLES = Path("Tests/ParseTests/Samples")
MEGABYTES = 32
BAR = 150


def make_data(sample):
    path = DATA / f"format-{sample.stem}"
    if not path.exists() or path.stat().st_mtime < sample.stat().st_mtime:
        DATA.mkdir(parents=True, exist_ok=True)
        text = sample.read_bytes().rstrip(b"\n") + b"\n"
        path.write_bytes(text * (MEGABYTES * 1_000_000 // len(text)))
    return path


def seconds(command):
    """CPU of a whole process, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    rows = []
    for sample in sorted(SAMPLES.glob("*.ndjson")):
        if ONLY not in sample.stem and ONLY not in "mapped formats":
            continue
        path = make_data(sample)
        command = [f"{RELEASE}/parse", "--from", sample.stem, str(path)]
        size = path.stat().st_size
        speed = size / 1e6 / median(seconds(command) for _ in range(1 + RUNS))
        line = size / path.read_bytes().count(b"\n")
        rows.append((sample.stem, line, speed))
    if not rows:
        return
    print(f"\nMapped formats, bar {BAR} MB/s a core; median of {1 + RUNS} runs.\n")
    print("| format | bytes a line | MB/s by CPU | must be true |\n|---|---|---|---|")
    for name, line, speed in rows:
        print(f"| {name} | {line:.0f} | {speed:.0f} | {'met' if speed >= BAR else '**missed**'} |")


main()
