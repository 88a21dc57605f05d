"""Runs every job of jobs.py with each of its peers in turn and prints one table.

Whole processes are measured, start and end included, by what the kernel says of them (wait4): the
median wall time, user and system time, and peak memory of several runs after a warm-up. The runs of
a job take turns, so that a busy moment of the machine meets all alike. What is written goes to
/dev/null.
"""

import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from jobs import (
    FUNNEL,
    JOBS,
    ONE_THREAD,
    PARSE,
    PYTHON,
    RELEASE,
    SEGMENT,
    START,
    START_BAR,
)

EVENTS = int(os.environ.get("EVENTS", 2_000_000))
PERSONS = EVENTS * 3 // 20
RUNS = int(os.environ.get("RUNS", 3))
ONLY = os.environ.get("ONLY", "")
PLACE = Path(".build/benchmark")
DATA = PLACE / "data" / str(EVENTS)
SCRATCH = PLACE / f"run.{os.getpid()}"  # two runs at once do not meet

SIMULATED = {  # name: format of simulate, events, persons
    "events": ("events", EVENTS, PERSONS),
    "reordered": ("reordered", EVENTS, PERSONS),
    "segment": ("segment", EVENTS, PERSONS),
    "combined": ("combined", EVENTS, PERSONS),
    "fewer": ("events", EVENTS, PERSONS // 10),
    # So few persons that a tenth of the events has seen them all.
    "longest": ("events", EVENTS, PERSONS // 100),
    "shorter": ("events", EVENTS // 10, PERSONS // 100),
}
DERIVED = {  # name: command, what it reads
    "parsed": (PARSE, "segment"),
    "segmented": (SEGMENT, "parsed"),
    "passed": (FUNNEL, "segmented"),
}
HOW_TO_INSTALL = {
    "jq": "apt install jq, or brew install jq",
    "mlr": "apt install miller, or brew install miller",
    "goaccess": "apt install goaccess, or brew install goaccess",
}


@dataclass
class Measurement:
    wall: float  # seconds
    cpu: float  # seconds, user and system
    memory: float  # bytes at the peak, of all processes that ran at once


def say(text):
    print(text, file=sys.stderr, flush=True)


# --- Data


def path_of(name):
    return DATA / name


def make_data(name):
    """Makes the data unless it is there; what a program derived is older when that was built anew."""
    path = path_of(name)
    if name in SIMULATED:
        if not path.exists():
            form, events, persons = SIMULATED[name]
            options = ["--events", str(events), "--persons", str(persons), "--broken", "0"]
            write([f"{RELEASE}/simulate", *options, "--format", form], path)
        return
    command, source = DERIVED[name]
    make_data(source)
    newest = max(Path(command[0]).stat().st_mtime, path_of(source).stat().st_mtime)
    if not path.exists() or path.stat().st_mtime < newest:
        write([*command, str(path_of(source))], path)


def write(command, path):
    say(f"making {path}")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with open(part, "wb") as output:
        subprocess.run(command, stdout=output, check=True)
    part.rename(path)


def make_tenth(name):
    """The first tenth of the lines, for slow peers."""
    make_data(name)
    path = path_of(name + ".tenth")
    if path.exists():
        return
    with open(path_of(name), "rb") as events, open(path, "wb") as output:
        for _, line in zip(range(EVENTS // 10), events):
            output.write(line)


# --- Running


def prepared(pipelines, tenth=None):
    """The commands with paths in place of {events} and the like."""
    paths = {name: str(path_of(name)) for name in [*SIMULATED, *DERIVED]}
    if tenth:
        paths[tenth] = str(path_of(tenth + ".tenth"))

    def fill(text):
        for name, path in paths.items():
            text = text.replace("{" + name + "}", path)
        return text

    return [[[fill(text) for text in command] for command in line] for line in pipelines]


def gnu_time():
    """GNU time, or nothing. A process that Python starts begins with Python's own peak of memory;
    one that the small program time starts does not."""
    path = shutil.which("time")
    works = path and subprocess.run([path, "-f", "%M", "true"], capture_output=True).returncode == 0
    return path if works else None


GNU_TIME = gnu_time()


def peak_file(place):
    return SCRATCH / f"peak.{place}"


def start(pipeline, output, errors):
    """Starts the commands of one pipeline at once."""
    children = []
    source = subprocess.DEVNULL
    for place, command in enumerate(pipeline):
        last = place == len(pipeline) - 1
        timed = [GNU_TIME, "-f", "%M", "-o", str(peak_file(place))] if GNU_TIME else []
        child = subprocess.Popen(
            timed + command,
            stdin=source,
            stdout=output if last else subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **ONE_THREAD},
        )
        if source is not subprocess.DEVNULL:
            source.close()
        source = child.stdout
        children.append(child)
    return children


def measure_pipeline(pipeline, output):
    with open(SCRATCH / "errors", "w+b") as errors:
        begin = time.perf_counter()
        children = start(pipeline, output, errors)
        usages = []
        for child in children:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            usages.append(usage)
        wall = time.perf_counter() - begin
        if any(child.returncode for child in children):
            errors.seek(0)
            raise RuntimeError(errors.read().decode(errors="replace").strip()[-600:])
    return Measurement(
        wall,
        sum(usage.ru_utime + usage.ru_stime for usage in usages),
        sum(peak_memory(place, usage) for place, usage in enumerate(usages)),
    )


def peak_memory(place, usage):
    if GNU_TIME:
        return int(peak_file(place).read_text().split()[-1]) * 1024
    # Linux counts ru_maxrss in KiB, macOS in bytes.
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def measure(pipelines, output=subprocess.DEVNULL):
    parts = [measure_pipeline(pipeline, output) for pipeline in pipelines]
    return Measurement(
        sum(part.wall for part in parts),
        sum(part.cpu for part in parts),
        max(part.memory for part in parts),
    )


def middle(measurements):
    return Measurement(
        median(one.wall for one in measurements),
        median(one.cpu for one in measurements),
        median(one.memory for one in measurements),
    )


def measure_slow(runner):
    make_tenth(runner.data)
    share = path_of(runner.data).stat().st_size / path_of(runner.data + ".tenth").stat().st_size
    one = measure(prepared(runner.pipelines, tenth=runner.data))
    return Measurement(one.wall * share, one.cpu * share, one.memory)


def measure_all(runners):
    """The median of each runner's runs, which take turns."""
    results = {runner.name: measure_slow(runner) for runner in runners if runner.slow}
    taken = {runner.name: [] for runner in runners if not runner.slow}
    for _ in range(RUNS):
        for runner in runners:
            if not runner.slow:
                taken[runner.name].append(measure(prepared(runner.pipelines)))
    return results | {name: middle(ones) for name, ones in taken.items()}


def warmed_up(job, runners):
    """Those whose first run, which counts nowhere, did not fail. A peer may; ours may not."""
    ready = []
    for runner in runners:
        try:
            if not runner.slow:
                measure(prepared(runner.pipelines))
            ready.append(runner)
        except RuntimeError as error:
            if runner in job.ours:
                raise
            say(f"left out: {runner.name}, which failed: {error}")
    return ready


# --- Who can be run


def is_present(needs):
    if not needs:
        return True
    if needs in ("duckdb", "polars", "orjson", "chdb"):
        if not Path(PYTHON).exists():
            return False
        found = subprocess.run([PYTHON, "-c", f"import {needs}"], capture_output=True)
        return found.returncode == 0
    return shutil.which(needs) is not None


def missing_peers():
    names = {peer.needs for job in JOBS for peer in job.peers}
    return {name for name in names if not is_present(name)}


def data_of(runner):
    commands = " ".join(text for line in runner.pipelines for command in line for text in command)
    return [name for name in [*SIMULATED, *DERIVED] if "{" + name + "}" in commands]


# --- Answers


def answer_of(runner):
    if runner.answer is None:
        return None
    path = SCRATCH / "answer"
    with open(path, "wb") as output:
        measure(prepared(runner.check or runner.pipelines), output)
    with open(path, "rb") as lines:
        answer = runner.answer(lines)
    path.unlink()
    return answer


def compare(job, runners):
    """For each of ours that has an answer: whether a peer's is the same."""
    peers = [peer for peer in runners if peer in job.peers and peer.answer]
    theirs = [answer_of(peer) for peer in peers]
    words = {}
    for runner in job.ours:
        if runner.answer and theirs:
            mine = answer_of(runner)
            agrees = all(mine == other for other in theirs)
            words[runner.name] = "agrees" if agrees else "**differs**"
            if not agrees:
                say(f"{runner.name}: {mine}\npeers: {theirs}")
    return words


# --- The table


def as_share(ratio):
    """0.25 as 1/4.0, the way the bars are written; 2.5 as it is."""
    return f"1/{1 / ratio:.1f}" if ratio < 1 else f"{ratio:.1f}"


def as_fraction(ratio):
    return f"1/{round(1 / ratio)}" if ratio <= 0.5 else f"{ratio:g}"


def verdict(bar, name, results):
    if bar.against not in results:
        return f"{bar.measure} ≤ {as_fraction(bar.most)} of {bar.against}: not measured"
    ratio = getattr(results[name], bar.measure) / getattr(results[bar.against], bar.measure)
    word = "aim met" if ratio <= bar.aim else "met" if ratio <= bar.most else "**missed**"
    return (
        f"{bar.measure} {as_share(ratio)} of {bar.against}, "
        f"bar {as_fraction(bar.most)}, aim {as_fraction(bar.aim)}: {word}"
    )


def megabytes(count, floor):
    # A child's peak begins at what its parent held when it was started, so less cannot be seen.
    text = f"{count / 1e6:.0f}"
    return "≤ " + text if count <= floor else text


def row(job, runner, results, words, floor):
    one = results[runner.name]
    size = path_of(data_of(runner)[0]).stat().st_size
    best = [results[peer.name].cpu for peer in job.peers if peer.same and peer.name in results]
    ours = runner in job.ours
    sign = "≈ " if runner.slow else ""
    cells = [
        job.title,
        f"**{runner.name}**" if ours else runner.name,
        f"{sign}{one.wall:.2f}",
        f"{sign}{one.cpu:.2f}",
        megabytes(one.memory, floor),
        f"{size / one.wall / 1e6:.0f}",
        as_share(one.cpu / min(best)) if best else "",
        words.get(runner.name, ""),
        "; ".join(verdict(bar, runner.name, results) for bar in runner.bars),
    ]
    return "| " + " | ".join(cells) + " |"


def machine():
    model = platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}"


def heading():
    load = os.getloadavg()[0]
    return f"""{date.today()}, {machine()}. {EVENTS:,} events, {PERSONS:,} persons;
median of {RUNS} runs after a warm-up, whole processes, one thread each unless said; load of the machine at the
start {load:.1f}. Wall and CPU (user and system) in seconds, peak memory in MB, MB/s of input by wall.
"CPU ratio" is to the best peer that does the same job; peers that only read the fields are there for
scale. ≈: run once on a tenth of the data and scaled.

| job | program | wall | CPU | memory | MB/s | CPU ratio | numbers | must be true |
|---|---|---|---|---|---|---|---|---|"""


def start_row():
    """How long a program of one file takes to start and end, process included."""
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    times = []
    for _ in range(300):
        begin = time.perf_counter()
        child = os.posix_spawn(START[0], START, os.environ, file_actions=silence)
        os.waitpid(child, 0)
        times.append(1000 * (time.perf_counter() - begin))
    wall = median(times)
    word = "aim met" if wall <= START_BAR.aim else "met" if wall <= START_BAR.most else "**missed**"
    return (
        f"| start | **{' '.join(START)}** | {wall / 1000:.4f} | | | | | | "
        f"wall {wall:.2f} ms, bar {START_BAR.most} ms, aim {START_BAR.aim} ms: {word} |"
    )


def run_job(job, absent, floor):
    runners = [one for one in job.ours + job.peers if one.needs not in absent]
    for runner in runners:
        for name in data_of(runner):
            make_data(name)
    say(f"running {job.title}")
    runners = warmed_up(job, runners)
    results = measure_all(runners)
    words = compare(job, runners)
    return [row(job, runner, results, words, floor) for runner in runners]


def make_table():
    absent = missing_peers()
    for name in sorted(absent):
        say(f"left out: {name} ({HOW_TO_INSTALL.get(name, 'not in the virtual environment')})")
    lines = [heading()]
    floor = measure([[["true"]]]).memory * 1.02
    for job in JOBS:
        if ONLY in job.title or any(ONLY in runner.name for runner in job.ours):
            lines += run_job(job, absent, floor)
            (PLACE / "table.md").write_text("\n".join(lines) + "\n")
    if ONLY in "start" and Path(START[0]).exists():
        lines.append(start_row())
        (PLACE / "table.md").write_text("\n".join(lines) + "\n")
    return "\n".join(lines)


def main():
    os.chdir(Path(__file__).resolve().parents[2])
    SCRATCH.mkdir(parents=True)
    try:
        table = make_table()
    finally:
        shutil.rmtree(SCRATCH)
    print(table)


if __name__ == "__main__":
    main()
