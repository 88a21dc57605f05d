"""Whether funnel finds again what simulate planted: the share of its 95 % intervals that hold the truth.

    make build
    nice python3 Tests/differential/coverage.py .build/release --seeds 1000 --first 1

Each seed is a population of its own, of which at least 1,000 persons reach each step that is compared.
What is true, and of what:

- rates: the chance to go on from a step. Measured on `--matured` entries: of those that may still go on
  the ones who have are known first. The windows are much longer than the delays, so that what does not
  come within one does not come.
- times: who goes on with the chance p after an exponential time of mean m has done so within t with the
  chance p (1 − exp(−t / m)); the median is where that is a half. The whole way is the sum of such times.
  Measured on the events of the first weeks only, so that many are still on their way: Kaplan and Meier's
  curve has to take them for what they are. An interval without an upper end reaches as far as one likes.
- drivers: the odds ratio that was planted is that of going on from the checkout to the payment, among those
  who came to the checkout. So the funnel ends with the payment: of one that ends with the order, not all
  who pay get there, and its odds ratio is nearer to 1. The interval is that of the driver by itself; Holm's
  correction is of p alone. Who may still go on is left out by the program, those who have gone on are not:
  that makes the odds of all higher, and leaves their ratio.

Ends with status 1 where a share is not within 92.5 and 97.5 %.
"""

import argparse
import collections
import json
import math
import os
import subprocess
import sys
import tempfile

STEPS = ["Product Viewed", "Product Added", "Checkout Started", "Payment Info Entered", "Order Completed"]
RATES = [0.95, 0.9, 0.85, 0.8]
MEANS = [43_200, 86_400, 21_600, 7_200]
ODDS = 0.4
WINDOW = "14d"
UNTIL = "2026-02-24"
PERSONS = 3600
LEAST = 1000
LIMITS = (0.925, 0.975)

WORLD = ["--persons", str(PERSONS), "--enter", "100", "--visits", "1.2", "--shipping-odds", str(ODDS)]
WORLD += ["--step-rates", ",".join(f"{100 * rate:g}" for rate in RATES)]
WORLD += ["--step-delays", ",".join(f"{mean}s" for mean in MEANS)]


def within(seconds, rate, means):
    """The chance to have gone on within a time: the sum of exponential times, of means that differ."""
    late = 0.0
    for mean in means:
        weight = math.prod(mean / (mean - other) for other in means if other != mean)
        late += weight * math.exp(-seconds / mean)
    return rate * (1 - late)


def median(rate, means):
    """The time within which half have gone on, by halving; none where fewer ever do."""
    if rate <= 0.5:
        return math.inf
    low, high = 0.0, 100 * sum(means)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, rate, means) < 0.5 else (low, middle)
    return low


class Coverage:
    """How many intervals there were, and how many were wholly below or above the truth."""

    def __init__(self):
        self.all, self.below, self.above = 0, 0, 0

    def add(self, low, high, truth):
        self.all += 1
        self.below += high is not None and high < truth
        self.above += low is not None and low > truth

    @property
    def share(self):
        return 1 - (self.below + self.above) / self.all

    def text(self):
        return f"{100 * self.share:.1f} % of {self.all} (below {self.below}, above {self.above})"


class Run:
    """One population and what funnel says of it."""

    def __init__(self, programs, seed, folder):
        self.programs, self.path = programs, os.path.join(folder, "events.ndjson")
        self.run("simulate", "--seed", str(seed), *WORLD, "--output", self.path)

    def run(self, program, *options):
        command = [os.path.join(self.programs, program), "--quiet", *options]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def records(self, name, last, *options):
        """The records of a name that the funnel up to a step gives."""
        steps = ["--steps", ",".join(STEPS[:last]), "--window", WINDOW]
        lines = self.run("funnel", *steps, *options, self.path).splitlines()
        return [record for record in map(json.loads, lines) if record["record"] == name]

    def measure(self, found):
        """Adds the intervals of this population."""
        for record in self.records("funnel.step", 5, "--matured")[1:]:
            step, rate = record["step"], record["fromPrevious"]
            assert rate["denominator"] >= LEAST, record
            found[f"rate of step {step}"].add(rate["low"], rate["high"], RATES[step - 2])
            overall, truth = record["overall"], math.prod(RATES[: step - 1])
            found[f"overall of step {step}"].add(overall["low"], overall["high"], truth)
        censored = 0
        for record in self.records("funnel.time", 5, "--times", "--until", UNTIL):
            assert record["persons"] >= LEAST, record
            censored += record["open"]
            first, last = record["fromStep"], record["toStep"]
            truth = median(math.prod(RATES[first - 1 : last - 1]), MEANS[first - 1 : last - 1])
            name = f"median time from step {first} to {last}"
            found[name].add(record["medianLowSeconds"], record["medianHighSeconds"], truth)
        assert censored > 0
        drivers = self.records("funnel.driver", 4, "--drivers", "9", "--drivers-of", "properties.shipping")
        (driver,) = [one for one in drivers if one["kind"] == "property" and one["value"] == 4.9]
        assert driver["with"]["denominator"] + driver["without"]["denominator"] >= LEAST, driver
        found["odds ratio of shipping"].add(driver["low"], driver["high"], ODDS)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", help="the folder of the programs")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    arguments = parser.parse_args()
    found = collections.defaultdict(Coverage)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.first, arguments.first + arguments.seeds):
            Run(arguments.programs, seed, folder).measure(found)
            if seed % 100 == 0:
                print(f"… {seed}", file=sys.stderr, flush=True)
    failed = False
    for name, coverage in found.items():
        is_right = LIMITS[0] <= coverage.share <= LIMITS[1]
        failed = failed or not is_right
        print(f"{name}: {coverage.text()}{'' if is_right else ' FAILED'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
