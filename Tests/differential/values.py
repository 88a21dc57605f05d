"""What score --value finds, against the truth of simulate and against lifetimes.

    pip install lifetimes
    python3 Tests/differential/values.py .build/release [SEEDS]

simulate draws customers from the very process that BG/NBD and gamma-gamma describe. Over all seeds at least
95 % of the estimates must lie within three standard errors of the truth, and the 95 % intervals hold it in
88 % or more (of 20 seeds, 140 parameters). On the same customers the likelihood of lifetimes must not be higher by
more than 1e-10 of it. Ends with status 1 where one of these is not so.
"""

import json
import subprocess
import sys
from math import inf

import numpy
from links import Persons
from scipy.special import gammaln

TRUTH = {"r": 0.8, "alpha": 30.0, "a": 0.8, "b": 2.5, "p": 6.0, "q": 4.0, "v": 15.0}


def likelihood(r, alpha, a, b, repeats, last, age):
    """BG/NBD's, as the paper has it (Fader, Hardie and Lee 2005), the larger term taken out."""
    one = gammaln(r + repeats) - gammaln(r) + r * numpy.log(alpha)
    two = gammaln(a + b) + gammaln(b + repeats) - gammaln(b) - gammaln(a + b + repeats)
    alive = -(r + repeats) * numpy.log(alpha + age)
    gone = numpy.where(
        repeats > 0,
        numpy.log(a) - numpy.log(b + numpy.maximum(repeats, 1) - 1) - (r + repeats) * numpy.log(alpha + last),
        -inf)
    return float((one + two + numpy.logaddexp(alive, gone)).sum())


def histories(lines, end):
    """Repeats, the day of the last and the age of each customer, in days; ids of one event are one person."""
    persons = Persons()
    bought = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            # simulate writes some that are no events, as the world does.
            continue
        if not isinstance(event, dict):
            continue
        names = [event[key] for key in ("userId", "anonymousId") if event.get(key)]
        for name in names[1:]:
            persons.join(name, names[0])
        if names and event.get("event") == "Order Completed":
            bought.append((names[0], numpy.datetime64(event["timestamp"][:10], "D").astype(int)))
    days = {}
    for name, day in bought:
        days.setdefault(persons.root(name), set()).add(day)
    rows = [(len(own) - 1, max(own) - min(own), end - min(own)) for own in days.values()]
    return (numpy.array(column, dtype=float) for column in zip(*rows))


def main():
    programs = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    try:
        from lifetimes import BetaGeoFitter
    except ImportError:
        BetaGeoFitter = None
        print("without lifetimes")
    near, covered, count, failed = 0, 0, 0, False
    for seed in range(1, seeds + 1):
        spend, repeat = (",".join(str(TRUTH[name]) for name in names) for names in ("pqv", ("r", "alpha", "a", "b")))
        events = subprocess.run(
            [f"{programs}/simulate", "--seed", str(seed), "--persons", "6000", "--days", "360", "--repeat", repeat,
             "--spend", spend], capture_output=True, check=True).stdout
        text = subprocess.run(
            [f"{programs}/score", "--quiet", "--where", 'event == "Order Completed"', "--value", "bg-nbd"],
            input=events, capture_output=True, check=True).stdout
        records = list(map(json.loads, text.splitlines()))
        value = next(record for record in records if record["record"] == "score.value")
        found = {**value["parameters"], **value["spend"]["parameters"]}
        off = []
        for name, truth in TRUTH.items():
            one = found[name]
            count += 1
            covered += one["low"] <= truth <= one["high"]
            if abs(one["value"] - truth) <= 3 * one["standardError"]:
                near += 1
            else:
                off.append(f"{name} {one['value']:.3f} ± {one['standardError']:.3f}")
        end = numpy.datetime64(records[0]["asOf"][:10], "D").astype(int)
        repeats, last, age = histories(events.splitlines(), end)
        ours = likelihood(*(found[name]["value"] for name in ("r", "alpha", "a", "b")), repeats, last, age)
        told = value["logLikelihood"]
        if abs(ours - told) > 1e-9 * abs(ours) or len(repeats) != value["customers"]:
            print(f"seed {seed}: the likelihood is {ours}, told is {told}")
            failed = True
        beside = ""
        if BetaGeoFitter is not None:
            other = BetaGeoFitter().fit(repeats, last, age).params_
            theirs = likelihood(*(other[name] for name in ("r", "alpha", "a", "b")), repeats, last, age)
            beside = f", of lifetimes {theirs:.6f}"
            if ours < theirs - 1e-10 * abs(theirs):
                failed = True
        print(f"seed {seed}: {len(repeats)} customers, likelihood {ours:.6f}{beside}", *off)
    print(f"{near} of {count} within 3 standard errors, {covered} in their intervals")
    sys.exit(failed or near < 0.95 * count or covered < 0.88 * count)


main()
