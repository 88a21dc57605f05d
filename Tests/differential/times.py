"""funnel --times against lifelines on random persons, of whom some are still inside their window.

    pip install lifelines
    python3 Tests/differential/times.py .build/release/funnel 200

Who is open is censored at the newest event, who dropped at the end of the window. The median is read
off lifelines' own curve: its median_survival_time_ misses a share of just a half by rounding.
"""

import json, random, subprocess, sys, warnings

warnings.filterwarnings("ignore")
from lifelines import KaplanMeierFitter

funnel = sys.argv[1]
bad = 0
for seed in range(int(sys.argv[2])):
    r = random.Random(seed)
    W = r.choice([30, 120, 900])
    N = r.choice([5, 60, 400])
    ev = []
    persons = {}
    for u in range(N):
        t = r.randrange(0, 3000)
        times = [t]
        for k in range(r.randrange(0, 3)):
            t += r.choice([0, 1, 5, r.randrange(0, W)])
            times.append(t)
        persons[u] = times
        for k, x in enumerate(times):
            ev.append((x, "ABC"[k], u))
    ev.append((3000 + W // 2, "Z", 9999))
    asof = max(e[0] for e in ev)
    r.shuffle(ev)
    text = "".join(
        json.dumps({"event": n, "userId": str(u), "timestamp": 1767225600 + x}) + "\n"
        for x, n, u in ev
    )
    out = [
        json.loads(l)
        for l in subprocess.run(
            [funnel, "--steps", "A,B,C", "--window", f"{W}s", "--times"],
            input=text,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    ]
    for rec in [o for o in out if o["record"] == "funnel.time"]:
        f, to = rec["fromStep"] - 1, rec["toStep"] - 1
        T = []
        E = []
        for times in persons.values():
            ok = [x for x in times if x - times[0] <= W]
            if len(ok) <= f:
                continue
            if len(ok) > to:
                T.append(ok[to] - ok[f])
                E.append(1)
            elif asof - times[0] <= W:
                T.append(asof - ok[f])
                E.append(0)
            else:
                T.append(W)
                E.append(0)
        if not T:
            continue
        k = KaplanMeierFitter(alpha=0.05).fit(T, E)
        s = k.survival_function_["KM_estimate"].iloc[-1]
        ci = k.confidence_interval_.iloc[-1]
        exp = dict(value=1 - s, low=1 - ci.iloc[1], high=1 - ci.iloc[0])
        got = rec["conversion"]
        if s in (0, 1):
            exp["low"] = exp["high"] = None

        def close(a, b):
            return a == b if a is None or b is None else abs(a - b) < 1e-9

        def first(curve):
            return next((t for t, v in curve.items() if v <= 0.5 + 1e-9), None)

        m = first(k.survival_function_["KM_estimate"])
        ml = [first(k.confidence_interval_.iloc[:, 0]), first(k.confidence_interval_.iloc[:, 1])]
        if s == 0:
            ml = None
        good = (
            all(close(got[x], exp[x]) for x in exp)
            and rec["persons"] == len(T)
            and rec["converted"] == sum(E)
            and close(rec["medianSeconds"], m)
            and (
                ml is None
                or (
                    close(rec["medianLowSeconds"], ml[0]) and close(rec["medianHighSeconds"], ml[1])
                )
            )
        )
        if not good:
            bad += 1
            if bad < 3:
                print(seed, rec, exp, m, ml, len(T), sum(E))
print("runs", sys.argv[2], "differences", bad)
sys.exit(bad > 0)
