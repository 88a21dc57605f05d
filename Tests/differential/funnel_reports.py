"""The numbers of `funnel.step` from the outcomes of persons: counts, rates, times between steps."""

import math
import statistics

Z = statistics.NormalDist().inv_cdf(0.975)


class Person:
    """How far a person came, when, and whether a try that can still go on is there (`open`)."""

    def __init__(self, level, times, still_open):
        self.level, self.times, self.still_open = level, times, still_open


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


def steps_of(persons, steps):
    """What each `funnel.step` should say, in order."""
    reports, entered = [], sum(person.level >= 1 for person in persons)
    for step in range(1, steps + 1):
        reached = [person for person in persons if person.level >= step]
        report = {"step": step, "persons": len(reached), "overall": wilson(len(reached), entered)}
        if step == 1:
            # Everyone who entered entered: there is nothing to estimate.
            certain = {"numerator": entered, "denominator": entered, "value": 1}
            report["overall"] = certain if entered else None
        seconds = []
        if step > 1:
            before = sum(person.level >= step - 1 for person in persons)
            report["open"] = sum(person.level == step - 1 and person.still_open for person in persons)
            report["dropped"] = before - len(reached) - report["open"]
            report["fromPrevious"] = wilson(len(reached), before)
            seconds = [(person.times[step - 1] - person.times[step - 2]) / 1000 for person in reached]
        report["meanSeconds"] = statistics.fmean(seconds) if seconds else None
        report["medianSeconds"] = quantile(seconds, 0.5) if seconds else None
        report["p90Seconds"] = quantile(seconds, 0.9) if seconds else None
        reports.append(report)
    return reports


def same(expected, found):
    """Every number that is expected is there, to a billionth."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(same(expected[key], found.get(key)) for key in expected)
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
