"""Prints how many instructions each program needs for a byte of input, counted by callgrind.

Unlike times the counts hardly depend on the machine's load (the seeds of hash tables move them by
about 0.1 %), so that two commits can be compared. What starting and ending cost is left out: the same
command on an empty file is counted too and subtracted.

    make instructions                 20,000 events
    ONLY=parse make instructions      only the programs or jobs whose name contains the word
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("EVENTS", "20000")  # before bench reads it

from bench import DATA, EVENTS, ONLY, RELEASE, data_of, make_data, path_of, prepared
from jobs import JOBS


def count(command):
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    found = re.search(r"Collected\s*:\s*(\d+)", run.stderr)
    if run.returncode or not found:
        sys.exit(
            f"instructions.py: {' '.join(command)} failed under valgrind:\n{run.stderr[-600:]}"
        )
    return int(found[1])


def of_a_job(runner):
    """Instructions a byte of the runner's one command, and those of starting and ending."""
    (name,) = data_of(runner)
    make_data(name)
    empty = DATA / "empty"
    empty.touch()
    ((command,),) = prepared(runner.pipelines)
    base = count([str(empty) if text == str(path_of(name)) else text for text in command])
    size = path_of(name).stat().st_size
    return (count(command) - base) / size, base


def of_simulate():
    """simulate reads nothing, so for a byte of what it writes."""
    command = [f"{RELEASE}/simulate", "--persons", "3000", "--broken", "0", "--events"]
    make_data("events")
    base = count([*command, "1"])
    return (count([*command, str(EVENTS)]) - base) / path_of("events").stat().st_size, base


def single_commands():
    """Title and runner of each job that is one of our programs, once for each command."""
    seen = []
    for job in JOBS:
        for runner in job.ours:
            one = len(runner.pipelines) == len(runner.pipelines[0]) == 1
            if one and runner.pipelines not in seen:
                seen.append(runner.pipelines)
                yield job.title, runner


def row(title, name, per_byte, base):
    print(f"| {title} | {name} | {per_byte:.2f} | {base / 1e6:.1f} |", flush=True)


def main():
    if not shutil.which("valgrind"):
        print("instructions.py: skipped, valgrind is missing (apt install valgrind)")
        return
    os.chdir(Path(__file__).resolve().parents[2])
    print(
        f"{EVENTS:,} events. Instructions for a byte of input; start: millions to start and end.\n"
    )
    print("| job | program | a byte | start |\n|---|---|---|---|")
    for title, runner in single_commands():
        if ONLY in title or ONLY in runner.name:
            row(title, runner.name, *of_a_job(runner))
    if ONLY in "simulate":
        row("events made (a byte written)", "simulate", *of_simulate())


main()
