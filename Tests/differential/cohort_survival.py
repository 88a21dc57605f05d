"""Compares cohort --survival with lifelines on random persons.

    pip install lifelines
    python3 Tests/differential/cohort_survival.py .build/release/cohort [CASES] [SEED]

Who has left when is found day by day, as the definition says: a person leaves at the end of the first row of
idle days that is over. lifelines makes the curve of it: shares, log-log intervals and median must
be equal to 1e-9. Ends with status 1 where they are not.
"""

import datetime
import json
import random
import subprocess
import sys
import warnings
import zoneinfo

from lifelines import KaplanMeierFitter

ZONES = ["UTC", "Europe/Berlin", "Asia/Kathmandu"]
FIRST = datetime.date(2026, 3, 1)


def text(day, second, zone):
    local = datetime.datetime.combine(FIRST + datetime.timedelta(days=day), datetime.time(), zone)
    moment = local.astimezone(datetime.timezone.utc) + datetime.timedelta(seconds=second)
    return f"{moment:%Y-%m-%dT%H:%M:%S.000Z}"


def lifetime(active, idle, over):
    """Days here, and whether the person has left; `over` is the last day that is over."""
    begin, row = min(active), 0
    for day in range(begin, over + 1):
        row = 0 if day in active else row + 1
        if row == idle:
            return day - begin, True
    return max(0, over - begin), False


def case(command, dice):
    name = dice.choice(ZONES)
    zone = zoneinfo.ZoneInfo(name)
    idle, span = dice.randint(1, 12), dice.randint(1, 90)
    over = dice.randint(0, span)
    ends_day = dice.random() < 0.5
    persons = [
        {day for day in range(span) if dice.random() < share}
        for share in [dice.choice([0.02, 0.2, 0.5, 0.9]) for _ in range(dice.choice([1, 5, 80]))]
    ]
    lines = [
        json.dumps({"event": "A", "userId": f"u{number}",
                    "timestamp": text(day, dice.choice([0, 3600, 86_400 - 3601]), zone)})
        for number, days in enumerate(persons)
        for day in days
    ]
    # The day after the last one that is over has begun, or the last one is at its last moment.
    end = datetime.datetime.combine(
        FIRST + datetime.timedelta(days=over + 1), datetime.time(), zone
    ).astimezone(datetime.timezone.utc) - datetime.timedelta(milliseconds=1 if ends_day else -5)
    as_of = f"{end:%Y-%m-%dT%H:%M:%S}.{end.microsecond // 1000:03d}Z"
    dice.shuffle(lines)
    output = subprocess.run(
        [command, "--quiet", "--survival", "--idle", f"{idle}d", "--time-zone", name, "--as-of", as_of],
        input="".join(line + "\n" for line in lines), check=True, capture_output=True, text=True,
    ).stdout
    records = [json.loads(line) for line in output.splitlines()]
    last = over if ends_day else over + 1
    seen = [
        {day for day in days if day <= over or not ends_day and day == last and first_moment(
            lines, number, day, zone, end)}
        for number, days in enumerate(persons)
    ]
    lives = [lifetime(days, idle, over) for days in seen if days]
    return records, lives


def first_moment(lines, number, day, zone, end):
    """Whether an event of the day that has only begun is not after the moment of the report."""
    for line in lines:
        event = json.loads(line)
        if event["userId"] == f"u{number}":
            moment = datetime.datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00"))
            if moment.astimezone(zone).date() == FIRST + datetime.timedelta(days=day):
                return moment <= end
    return False


def is_near(one, other):
    if one is None or other is None or other != other or other in (float("inf"),):
        return one is None and (other is None or other != other or other == float("inf"))
    return abs(one - other) <= 1e-9


def compare(records, lives):
    points = [record for record in records if record["record"] == "cohort.survival"]
    summaries = [record for record in records if record["record"] == "cohort.lifetime"]
    if not lives:
        return not points and not summaries
    fit = KaplanMeierFitter().fit([days for days, _ in lives], [left for _, left in lives])
    table = fit.event_table[fit.event_table.observed > 0]
    if [(p["days"], p["atRisk"], p["left"]) for p in points] != [
        (int(day), int(row.at_risk), int(row.observed)) for day, row in table.iterrows()
    ]:
        return False
    for point in points:
        low, high = fit.confidence_interval_.loc[point["days"]]
        share = fit.survival_function_.loc[point["days"]].iloc[0]
        if not is_near(point["here"], share):
            return False
        # Where nobody is left lifelines has no interval, or one of nothing.
        if share > 0 and not (is_near(point["low"], low) and is_near(point["high"], high)):
            return False
    summary = summaries[0]
    if share_is_half(fit):
        # Rounding decides in lifelines whether a share of exactly a half is one.
        return summary["persons"] == len(lives)
    return (
        summary["persons"] == len(lives)
        and summary["left"] == sum(left for _, left in lives)
        and is_near(summary["medianDays"], fit.median_survival_time_)
    )


def share_is_half(fit):
    return any(abs(share - 0.5) < 1e-9 for share in fit.survival_function_.iloc[:, 0])


def main():
    warnings.simplefilter("ignore")
    command = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    persons, left = 0, 0
    for number in range(cases):
        records, lives = case(command, random.Random(seed * 1_000_003 + number))
        persons += len(lives)
        left += sum(has_left for _, has_left in lives)
        if not compare(records, lives):
            print(f"case {number} of seed {seed} differs", lives)
            for record in records:
                print(json.dumps(record))
            sys.exit(1)
    print(f"{cases} cases, {persons} persons of whom {left} have left: all equal")


main()
