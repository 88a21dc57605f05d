"""Replays events for minutes through the live pipe while the log is rotated: `make soak`.

    writer ─► log, renamed every 10 s ─► tail -F | parse | segment | funnel --live 1s --lateness 1h

Every person is seen within the first minute. At the end the counts must be those of one run over all
that was written, and no program may have grown after that minute.

    SECONDS=60 EVENTS=200000 make soak    a short one
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

SECONDS = int(os.environ.get("SECONDS", 300))
EVENTS = int(os.environ.get("EVENTS", 1_000_000))
PERSONS = EVENTS // 50
ROTATION, PAUSE = 10, 2
PROGRAMS = os.path.abspath(".build/release")
NAMES = ["Product Viewed", "Product Added", "Checkout Started", "Order Completed"]
STEPS = ",".join(NAMES)
RULES = """{"segments":[
  {"name":"busy","when":"count(event == \\"Product Added\\", \\"1h\\") >= 3"},
  {"name":"buyer","when":"count(event == \\"Order Completed\\") > 0"}]}"""
FUNNEL = ["funnel", "--steps", STEPS, "--lateness", "1h"]


def line(number):
    """One event; event time is a thousand times as fast as the clock on the wall."""
    # Persons come in turn, each time with another event, a few seconds out of order.
    person = number * 7919 % PERSONS
    name = NAMES[(number // PERSONS + person) % len(NAMES)]
    moment = 1_767_225_600_000 + number * 300 - number % 7 * 1000
    return (
        f'{{"event":"{name}","userId":"u{person}","timestamp":{moment},"messageId":"m{number}",'
        f'"properties":{{"n":{number % 10}}}}}\n'
    )


def resident(process):
    """Kilobytes in memory."""
    with open(f"/proc/{process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def start_pipe(folder):
    tail = subprocess.Popen(
        ["tail", "-n", "+1", "-F", f"{folder}/log"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    commands = [
        ["parse", "--from", "segment", "--quiet"],
        ["segment", "--rules", f"{folder}/rules.json", "--quiet"],
        FUNNEL + ["--live", "1s", "--quiet", "--output", f"{folder}/live"],
    ]
    source, processes = tail.stdout, []
    for command in commands:
        process = subprocess.Popen(
            [f"{PROGRAMS}/{command[0]}"] + command[1:], stdin=source, stdout=subprocess.PIPE
        )
        source.close()
        source = process.stdout
        processes.append(process)
    return tail, processes


def pauses(now):
    """Whether the writer keeps still: around each rotation."""
    phase = now % ROTATION
    return now > PAUSE and (phase < PAUSE or phase > ROTATION - PAUSE)


def replay(folder, processes):
    """Writes all events in time; gives the memory of each program after a minute and at most."""
    minute = min(60, SECONDS / 5)
    active = SECONDS * (1 - 2 * PAUSE / ROTATION)
    log, everything = open(f"{folder}/log", "w"), open(f"{folder}/all", "w")
    begin, written, rotations, spent, last = time.time(), 0, 0, 0.0, time.time()
    settled, largest = None, [0] * len(processes)
    while written < EVENTS:
        time.sleep(0.05)
        now = time.time() - begin
        if int(now / ROTATION) > rotations:
            rotations += 1
            log.close()
            os.rename(f"{folder}/log", f"{folder}/log.1")
            log = open(f"{folder}/log", "w")
        if not pauses(now):
            spent += min(time.time() - last, 0.2)
            # All persons come first, within the minute.
            due = max(EVENTS * spent / active, min(PERSONS, PERSONS * now / (minute * 0.8)))
            for number in range(written, min(int(due), EVENTS)):
                text = line(number)
                log.write(text)
                everything.write(text)
            written = max(written, min(int(due), EVENTS))
            log.flush()
        last = time.time()
        if now > minute:
            sizes = [resident(process) for process in processes]
            settled = settled or sizes
            largest = [max(pair) for pair in zip(largest, sizes)]
    log.close()
    everything.close()
    return settled, largest, rotations


def report(lines):
    """The last report: its header and how many persons reached each step."""
    records = [json.loads(text) for text in lines]
    header = max(index for index, record in enumerate(records) if record["record"] == "funnel.run")
    counts = [record["persons"] for record in records[header + 1 :]]
    keys = ["events", "persons", "late", "rejected", "from", "to"]
    return {key: records[header][key] for key in keys}, counts


def main():
    folder = tempfile.mkdtemp(prefix="footfall-soak-")
    with open(f"{folder}/rules.json", "w") as file:
        file.write(RULES)
    open(f"{folder}/log", "w").close()
    tail, processes = start_pipe(folder)
    settled, largest, rotations = replay(folder, processes)
    time.sleep(3)
    tail.terminate()
    statuses = [process.wait() for process in processes]
    with open(f"{folder}/live") as file:
        live = file.read().splitlines()
    whole = subprocess.run(
        [f"{PROGRAMS}/funnel", "--quiet"] + FUNNEL[1:] + [f"{folder}/all"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.splitlines()
    found, expected = report(live), report(whole)
    snapshots = sum('"final":false' in text for text in live)
    print(f"soak: {EVENTS} events, {PERSONS} persons, {rotations} rotations, {snapshots} snapshots")
    for name, before, after in zip(["parse", "segment", "funnel"], settled, largest):
        print(f"soak: {name} {before} KB after the first minute, {after} KB at most later")
    shutil.rmtree(folder)
    faults = []
    if any(statuses):
        faults.append(f"statuses {statuses}")
    if found != expected or found[0]["events"] != EVENTS:
        faults.append(f"counts {found}, expected {expected}")
    # What is not folded yet and the buffers of the pipe breathe a little.
    if any(after > before * 1.1 + 2048 for before, after in zip(settled, largest)):
        faults.append("memory grew")
    if faults:
        sys.exit("soak: " + "; ".join(faults))
    print("soak: counts exact, memory flat")


main()
