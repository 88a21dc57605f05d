"""Compares the models of score --goal --fit with scikit-learn's, on features that are calculated here.

    pip install scikit-learn
    python3 Tests/differential/goals.py .build/release [CASES]

Of random events the features are calculated a second time, literally as the help of score defines them. A
logistic regression of the same penalty must have the same weights to 1e-6; the area under the ROC curve, the
Brier score, the calibration of the later cases and the chances that --model gives persons must be those of
scikit-learn. Ends with status 1 where one is not.
"""

import datetime
import json
import math
import random
import subprocess
import sys
import tempfile

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

START = 1_767_225_600
DAY = 86_400
ACTIVITIES = ["recency", "activeDays", "trend", "otherEvents", "channels", "stages", "sessions", "money"]
CHANNELS = ["web", "mobile", "email", "social", "ads", "shop"]


def population(seed, days):
    """Events of persons, of whom those who do some things buy more."""
    rng = random.Random(seed)
    events = []
    names = [f"Act {number}" for number in range(rng.randint(3, 45))]
    for person in range(rng.randint(60, 160)):
        keenness = rng.random()
        own = rng.sample(names, rng.randint(1, len(names)))
        for _ in range(rng.randint(1, 150)):
            bought = rng.random() < 0.15 * keenness
            event = {
                "event": "Order Completed" if bought else rng.choice(own), "userId": f"p{person:04}",
                "timestamp": START + rng.randrange(days * DAY),
            }
            if rng.random() < 0.7:
                event["channel"] = rng.choice(CHANNELS)
            if rng.random() < 0.1:
                event["stage"] = rng.choice(["Visit", "Cart", "Paid"])
            if bought:
                event["properties"] = {"revenue": rng.randrange(1, 9000) / 100,
                                       "currency": "EUR" if rng.random() < 0.8 else "USD"}
            events.append(event)
    return events


def case(own, origin, horizon, names):
    """The features of a person at the start of a day; None where nothing had happened before."""
    before = [event for event in own if event["timestamp"] < START + origin * DAY]
    if not before:
        return None
    day = lambda event: (event["timestamp"] - START) // DAY
    window = [event for event in before if day(event) >= origin - horizon]
    earlier = {day(event) for event in before if origin - 2 * horizon <= day(event) < origin - horizon}
    active = {day(event) for event in window}
    slots = {(event["timestamp"] - START) // 1800 for event in before}
    paid = sum(round(event["properties"]["revenue"] * 100) for event in window
               if event.get("properties", {}).get("currency") == "EUR")
    row = [
        math.log(1 + origin - 1 - max(map(day, before))), len(active), len(active) - len(earlier),
        len({event["event"] for event in window} - set(names)),
        len({event["channel"] for event in window if "channel" in event}),
        len({event["stage"] for event in before if "stage" in event}),
        sum(slot - 1 not in slots for slot in slots if slot >= (origin - horizon) * 48),
        math.log(1 + paid / 100),
    ]
    for name in names:
        row.append(math.log(1 + sum(event["event"] == name for event in window)))
    goal = any(event["event"] == "Order Completed" and origin <= day(event) < origin + horizon
               for event in own)
    return row, goal


def near(one, other, what, tolerance=1e-6):
    """Says where two numbers differ."""
    if one is not None and abs(one - other) <= tolerance * max(1, abs(other)):
        return True
    print(f"{what}: {one} here, {other} there")
    return False


def compare(programs, seed):
    """Whether a random population gives the same model."""
    rng = random.Random(seed)
    horizon, periods = rng.randint(4, 12), rng.randint(3, 6)
    days = horizon * periods
    events = population(seed, days)
    lines = "".join(json.dumps(event) + "\n" for event in events)
    as_of = START + days * DAY - 1
    moment = lambda time: datetime.datetime.fromtimestamp(time, datetime.timezone.utc).isoformat()
    fit = [f"{programs}/score", "--quiet", "--goal", 'event == "Order Completed"', "--fit", "--currency", "EUR",
           "--horizon", f"{horizon}d", "--as-of", moment(as_of)]
    text = subprocess.run(fit, input=lines, capture_output=True, text=True, check=True).stdout
    model = next(json.loads(line) for line in text.splitlines() if '"score.model"' in line)
    names = [feature["name"] for feature in model["features"] if feature["kind"] == "event"]
    if [feature["name"] for feature in model["features"]][:len(ACTIVITIES)] != ACTIVITIES:
        print("other features")
        return False
    persons = {}
    for event in events:
        persons.setdefault(event["userId"], []).append(event)
    first = min(event["timestamp"] for event in events) // DAY * DAY
    evaluation = days - horizon
    origins = [origin for origin in range(evaluation - horizon, (first - START) // DAY, -horizon)][:12]
    learned = [found for own in persons.values() for origin in origins
               if (found := case(own, origin, horizon, names))]
    judged = {person: found for person, own in persons.items()
              if (found := case(own, evaluation, horizon, names))}
    rows = numpy.array([row for row, _ in learned])
    goals = numpy.array([goal for _, goal in learned])
    if model["reason"]:
        return len(set(goals)) < 2 or not origins
    mean, deviation = rows.mean(axis=0), rows.std(axis=0, ddof=1)
    scale = numpy.where(deviation > 0, deviation, 1)
    regression = LogisticRegression(C=1 / model["penalty"], solver="newton-cholesky", tol=1e-13, max_iter=1000)
    regression.fit((rows - mean) / scale, goals)
    fine = near(model["learned"]["cases"], len(rows), "cases") & near(
        model["learned"]["goals"], int(goals.sum()), "goals")
    fine &= near(model["intercept"], regression.intercept_[0], "intercept")
    for feature, weight, center, width in zip(
            model["features"], regression.coef_[0], mean, deviation):
        fine &= near(feature["mean"], center, f"mean of {feature['name']}", 1e-12)
        fine &= near(feature["deviation"], width, f"deviation of {feature['name']}", 1e-9)
        fine &= near(feature["weight"] or 0, weight, f"weight of {feature['name']}")
    later = numpy.array([row for row, _ in judged.values()])
    outcomes = [goal for _, goal in judged.values()]
    chances = regression.predict_proba((later - mean) / scale)[:, 1]
    if len(set(outcomes)) == 2:
        fine &= near(model["auc"]["value"], roc_auc_score(outcomes, chances), "auc")
        fine &= near(model["brier"], brier_score_loss(outcomes, chances), "brier")
        if model["calibrationSlope"] is not None:
            line = LogisticRegression(C=numpy.inf, solver="newton-cholesky", tol=1e-13, max_iter=1000)
            line.fit(numpy.log(chances / (1 - chances)).reshape(-1, 1), outcomes)
            fine &= near(model["calibrationSlope"], line.coef_[0][0], "slope", 1e-5)
            fine &= near(model["calibrationIntercept"], line.intercept_[0], "intercept of calibration", 1e-5)
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as file:
        file.write(text)
        file.flush()
        tell = [f"{programs}/score", "--quiet", "--model", file.name, "--currency", "EUR", "--as-of",
                moment(START + evaluation * DAY - 1)]
        told = subprocess.run(tell, input=lines, capture_output=True, text=True, check=True).stdout
    found = {record["userId"]: record["goalChance"] for record in map(json.loads, told.splitlines())
             if record["record"] == "score"}
    fine &= near(len(found), len(judged), "persons told")
    for person, chance in zip(judged, chances):
        fine &= near(found.get(person), chance, f"chance of {person}")
    return fine


def main():
    programs = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    failed = [seed for seed in range(cases) if not compare(programs, seed)]
    print(f"{cases} populations, {len(failed)} differ {failed[:10]}")
    sys.exit(1 if failed else 0)


main()
