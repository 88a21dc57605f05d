"""The numbers of `funnel.step` from the outcomes of persons: counts, rates, times between steps."""

import math
import statistics

Z = statistics.NormalDist().inv_cdf(0.975)


class Person:
    """When each step was taken ({step: moment}), and whether a try that can still go on is there."""

    def __init__(self, taken, still_open):
        self.taken, self.still_open = taken, still_open


def wilson(numerator, denominator):
    """The rate as the record contract has it, or None over nothing."""
    if not denominator:
        return None
    value, square = numerator / denominator, Z * Z / denominator
    middle = (value + square / 2) / (1 + square)
    half = Z * math.sqrt(value * (1 - value) / denominator + square / denominator / 4) / (1 + square)
    rate = {"numerator": numerator, "denominator": denominator, "value": value}
    low = 0 if numerator == 0 else middle - half
    high = 1 if numerator == denominator else middle + half
    rate |= {"low": max(0, low), "high": min(1, high)}
    if numerator < 5 or denominator - numerator < 5:
        rate["small"] = True
    return rate


def quantile(values, share):
    """Between the two nearest values, in proportion."""
    values, place = sorted(values), share * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def steps_of(persons, steps, optional=()):
    """What each `funnel.step` should say, in order. Each step is held against the required one before it."""
    entered = [person for person in persons if person.taken]
    # Everyone who entered entered: there is nothing to estimate.
    certain = {"numerator": len(entered), "denominator": len(entered), "value": 1}
    first = {"step": 1, "persons": len(entered), "overall": certain if entered else None}
    reports = [first | seconds_of([])]
    for step in range(2, steps + 1):
        before = max(other for other in range(1, step) if other not in optional)
        reached = [person for person in entered if step in person.taken]
        behind = [person for person in entered if before in person.taken and step not in person.taken]
        skipped = [person for person in behind if max(person.taken) > step]
        still_open = [person for person in behind if person not in skipped and person.still_open]
        report = {"step": step, "persons": len(reached), "open": len(still_open)}
        report["dropped"] = len(behind) - len(skipped) - len(still_open)
        report["fromPrevious"] = wilson(len(reached), len(reached) + len(behind))
        report["overall"] = wilson(len(reached), len(entered))
        if step in optional:
            report["skipped"] = len(skipped)
        seconds = [(person.taken[step] - person.taken[before]) / 1000 for person in reached]
        reports.append(report | seconds_of(seconds))
    return reports


def seconds_of(values):
    return {
        "meanSeconds": statistics.fmean(values) if values else None,
        "medianSeconds": quantile(values, 0.5) if values else None,
        "p90Seconds": quantile(values, 0.9) if values else None,
    }


def same(expected, found):
    """Every number that is expected is there, to a billionth."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(same(expected[key], found.get(key)) for key in expected)
    if isinstance(expected, list):
        return isinstance(found, list) and len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
    return expected == found


def differences(expected, records):
    """Lines that say where the records of the steps differ."""
    found = [record for record in records if record["record"] == "funnel.step"]
    if len(found) != len(expected):
        return [f"  {len(expected)} steps expected, {len(found)} reported"]
    return [
        f"  step {step['step']}, {key}: expected {value}, funnel {record.get(key)}"
        for step, record in zip(expected, found)
        for key, value in step.items()
        if not same(value, record.get(key))
    ]
