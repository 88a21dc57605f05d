"""The jobs of `make bench`: what is run, on which data, against whom, and what must come of it."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime

RELEASE = ".build/release"
PYTHON = ".build/benchmark/peers/bin/python"
HERE = "Tests/benchmark"

# One thread for all, but for the job that says otherwise. jq, GoAccess (without --jobs), Python and wc have no other; ClickHouse and
# DuckDB are told in their settings, Polars and Miller (Go) by the environment.
ONE_THREAD = {"POLARS_MAX_THREADS": "1", "GOMAXPROCS": "1", "OMP_NUM_THREADS": "1"}


@dataclass
class Bar:
    """What must be true: `measure` of the runner is at most `most` times that of `against`."""

    against: str
    most: float
    aim: float
    measure: str = "cpu"


@dataclass
class Runner:
    """One of the programs or a peer, on one job.

    `{events}` in a command stands for the path of that data. Several pipelines run one after the
    other, the commands of one at once. `check` is run in place of `pipelines` to compare answers.
    """

    name: str
    pipelines: list
    data: str
    needs: str = ""
    bars: list = field(default_factory=list)
    check: list = None
    answer: object = None
    same: bool = True  # does the whole job; the others only read, and are no peer for the ratio
    slow: bool = False  # runs once, on a tenth of the data, and is scaled


@dataclass
class Job:
    title: str
    ours: list
    peers: list


# --- Peers


def clickhouse(query, name="ClickHouse", **more):
    code = "import sys, chdb; sys.stdout.write(str(chdb.query(sys.argv[1], 'JSONEachRow')))"
    settings = (
        " settings max_threads = 1, date_time_input_format = 'best_effort',"
        " input_format_skip_unknown_fields = 1"
    )
    return Runner(name, [[[PYTHON, "-c", code, query + settings]]], needs="chdb", **more)


DUCKDB = (
    "import sys, duckdb; c = duckdb.connect(config={'threads': 1});"
    " c.execute('SET enable_progress_bar = false');"  # it would go to standard output
    " print(c.execute(sys.argv[1]).fetchall())"
)


def duckdb(query, name="DuckDB", check=None, **more):
    return Runner(
        name,
        [[[PYTHON, "-c", DUCKDB, query]]],
        check=check and [[[PYTHON, "-c", DUCKDB, check]]],
        needs="duckdb",
        **more,
    )


def python(name, code, needs, **more):
    return Runner(name, [[[PYTHON, "-c", code, "{" + more["data"] + "}"]]], needs=needs, **more)


def tool(name, command, **more):
    return Runner(name, [[command]], needs=command[0], **more)


# --- Answers, from what a runner wrote, in a form that all runners of a job share


def reports(lines):
    return (json.loads(line) for line in lines if line.startswith(b'{"record"'))


def persons_at_steps(lines):
    """Of funnel: how many persons reached each step, by the value of --by."""
    groups = {}
    for report in reports(lines):
        if report["record"] == "funnel.step":
            by = report.get("by") or {}
            value = next(iter(by.values()), None) if isinstance(by, dict) else by
            groups.setdefault(str(value), []).append(report["persons"])
    return groups


def persons_at_levels(lines):
    """Of windowFunnel: who is at a level has been at those below it."""
    groups = {}
    for row in (json.loads(line) for line in lines if line.strip()):
        levels = groups.setdefault(str(row.get("plan")), {})
        levels[row["lvl"]] = int(row["count()"])
    return {
        group: [
            sum(count for level, count in levels.items() if level >= step)
            for step in range(1, max(levels) + 1)
        ]
        for group, levels in groups.items()
    }


def first_row(lines):
    """Of DuckDB: the numbers of the first row as Python prints it."""
    return [int(number) for number in re.findall(rb"-?\d+", next(iter(lines)))]


def lines_and_times(lines):
    """Of events: how many, and the sum of their times in milliseconds."""
    count = total = 0
    for line in lines:
        text = re.search(rb'"timestamp":"([^"]+)"', line)[1].decode()
        count += 1
        total += round(datetime.fromisoformat(text).timestamp() * 1000)
    return [count, total]


def segment_sizes(lines):
    """Of segment: how many events are in each of the three stateless segments."""
    sizes = {"orders": 0, "mobile": 0, "paying": 0}
    for line in lines:
        for name in re.findall(rb'"segments":\[([^]]*)\]', line)[-1].split(b","):
            if name:
                sizes[json.loads(name)] += 1
    return list(sizes.values())


def line_count(lines):
    return sum(1 for _ in lines)


def valid_requests(lines):
    return json.loads(b"".join(lines))["general"]["valid_requests"]


def bytes_digest(lines):
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()


# --- Jobs

STEPS = [
    "Product Viewed",
    "Product Added",
    "Checkout Started",
    "Payment Info Entered",
    "Order Completed",
]
MAIL_STEPS = ["Email Delivered", "Email Opened", "Email Link Clicked"]

# ClickHouse joins no ids, knows no bots, and has rules of its own for equal times.
AS_CLICKHOUSE = ["--no-link", "--bots", "include", "--semantics", "clickhouse", "--window", "14d"]


def program(name, *arguments):
    return [f"{RELEASE}/{name}", "--quiet", *arguments]


def funnel(steps, data, *options, name="", bars=(), compared=True, threads=1):
    command = program("funnel", "--threads", str(threads), "--steps", ",".join(steps), *options)
    return Runner(
        name or " ".join(["funnel", *options]),
        [[[*command, "{" + data + "}"]]],
        data=data,
        bars=list(bars),
        check=[[[*command, *AS_CLICKHOUSE, "{" + data + "}"]]],
        answer=persons_at_steps if compared else None,
    )


def conditions(steps):
    return ", ".join(f"event = '{step}'" for step in steps)


def window_funnel(data):
    return clickhouse(
        f"""select lvl, count() from (
          select coalesce(nullIf(userId, ''), anonymousId) u,
            windowFunnel(1209600000)(
              toUInt64(toUnixTimestamp64Milli(timestamp)), {conditions(STEPS)}) lvl
          from file('{{{data}}}', JSONEachRow,
            'event String, userId String, anonymousId String, timestamp DateTime64(3)')
          group by u) group by lvl order by lvl""",
        name="ClickHouse windowFunnel",
        data=data,
        answer=persons_at_levels,
    )


WINDOW_FUNNEL_BY_PLAN = f"""select plan, lvl, count() from (
  select plan, u, windowFunnel(1209600000)(t, {conditions(MAIL_STEPS)}) lvl
  from (
    select event, tupleElement(properties, 'plan') plan,
      coalesce(nullIf(userId, ''), anonymousId) u,
      toUInt64(toUnixTimestamp64Milli(timestamp)) t
    from file('{{events}}', JSONEachRow,
      'event String, userId String, anonymousId String, timestamp DateTime64(3),
       channel String, properties Tuple(plan Nullable(String))')
    where channel = 'email')
  group by plan, u) group by plan, lvl order by plan, lvl"""

DUCKDB_COUNT = """SELECT event, count(coalesce(userId, anonymousId)), max("timestamp")
  FROM read_json('{events}', format = 'newline_delimited', columns = {
    event: 'VARCHAR', userId: 'VARCHAR', anonymousId: 'VARCHAR', "timestamp": 'TIMESTAMP'})
  GROUP BY event"""

POLARS_COUNT = """import sys, polars as pl
fields = dict.fromkeys(['event', 'userId', 'anonymousId', 'timestamp'], pl.String)
events = pl.scan_ndjson(sys.argv[1], schema=fields)
print(events.group_by('event').len().collect(engine='streaming'))"""

ORJSON_COUNT = """import sys, collections, orjson
names = collections.Counter()
with open(sys.argv[1], 'rb') as events:
    for line in events:
        names[orjson.loads(line)['event']] += 1
print(names)"""


def duckdb_fields(times):
    texts = ["event", "userId", "anonymousId", "type", "messageId", "channel"]
    fields = [f"{name}: 'VARCHAR'" for name in texts]
    fields += [f"\"{name}\": 'TIMESTAMP'" for name in times]
    return ", ".join([*fields, "properties: 'JSON'", "context: 'JSON'"])


def duckdb_source(data, times):
    fields = duckdb_fields(times)
    return f"FROM read_json('{{{data}}}', format = 'newline_delimited', columns = {{{fields}}})"


def duckdb_copy(data, times):
    """The whole message with its times converted, as JSON again."""
    converted = ", ".join(f'epoch_ms("{name}") AS "{name}"' for name in times)
    return f"""COPY (
      SELECT event, userId, anonymousId, {converted}, type, messageId, channel, properties, context
      {duckdb_source(data, times)}) TO '/dev/stdout' (FORMAT json)"""


SEGMENT_TIMES = ["originalTimestamp", "sentAt", "receivedAt"]

DUCKDB_SEGMENT_SIZES = f"""SELECT count(*) FILTER (event = 'Order Completed'),
  count(*) FILTER (channel = 'mobile'), count(*) FILTER (properties->>'plan' IN ('pro', 'team'))
  {duckdb_source("events", ["timestamp"])}"""

JQ_CONVERT = """def ms: (.[:19] + "Z" | fromdate) * 1000 + (.[20:23] | tonumber);
.originalTimestamp |= ms | .sentAt |= ms | .receivedAt |= ms"""

ORJSON_COPY = """import sys, orjson
from datetime import datetime
with open(sys.argv[1], 'rb') as events:
    for line in events:
        event = orjson.loads(line)
        event['timestamp'] = int(datetime.fromisoformat(event['timestamp']).timestamp() * 1000)
        sys.stdout.buffer.write(orjson.dumps(event) + b'\\n')"""


def rules(count):
    return ["--rules", f"{HERE}/rules-{count}.json"]


# The four of the whole pipe. What one alone reads, the one before it wrote (bench.py, DERIVED).
PARSE = program("parse", "--from", "segment")
SEGMENT = program("segment", *rules(10))
FUNNEL = program("funnel", "--steps", ",".join(STEPS), "--pass")
THREADS_1 = ["--threads", "1"]
SCORE = program("score", *THREADS_1)
# What one pass over the events tells with the options that are usual.
REPORTS = [
    ["score"],
    ["cohort"],
    ["cohort", "--active"],
    ["kpi"],
    ["session", "--summary"],
    ["session", "--report"],
]

PIPE = [[*PARSE, "{segment}"], SEGMENT, FUNNEL, SCORE]
ALONE = [
    [[*PARSE, "{segment}"]],
    [[*SEGMENT, "{parsed}"]],
    [[*FUNNEL, "{segmented}"]],
    [[*SCORE, "{passed}"]],
]
WINDOW_FUNNEL = "ClickHouse windowFunnel"
TENTH_OF_EVENTS = "a tenth of the events, as many persons"

# What starts, says its version and ends; linked as `make dist` links it.
START = ["dist/funnel", "--version"]
START_BAR = Bar("", 2, 1)  # milliseconds

JOBS = [
    Job(
        "funnel, 5 steps",
        [
            funnel(
                STEPS,
                "events",
                bars=[
                    Bar(WINDOW_FUNNEL, 1 / 4, 1 / 6),
                    Bar(WINDOW_FUNNEL, 1 / 15, 1 / 25, "memory"),
                ],
            ),
            funnel(STEPS, "events", "--check", "none", bars=[Bar(WINDOW_FUNNEL, 1 / 6, 1 / 8)]),
            funnel(STEPS, "events", "--check", "full", bars=[Bar(WINDOW_FUNNEL, 1 / 3, 1 / 4)]),
            funnel(
                STEPS,
                "events",
                "--lateness",
                "1h",
                bars=[Bar(WINDOW_FUNNEL, 1 / 20, 1 / 40, "memory")],
            ),
        ],
        [
            window_funnel("events"),
            duckdb(DUCKDB_COUNT, name="DuckDB, 3 fields read", data="events", same=False),
            python("Polars, names counted", POLARS_COUNT, "polars", data="events", same=False),
            python("orjson, names counted", ORJSON_COUNT, "orjson", data="events", same=False),
            tool(
                "jq -r .event",
                ["jq", "-r", ".event", "{events}"],
                data="events",
                same=False,
                slow=True,
            ),
            tool(
                "mlr count -g event",
                ["mlr", "--ijsonl", "--ojsonl", "count", "-g", "event", "{events}"],
                data="events",
                same=False,
                slow=True,
            ),
            tool("wc -l", ["wc", "-l", "{events}"], data="events", same=False),
        ],
    ),
    Job(
        "funnel, keys reordered",
        [funnel(STEPS, "reordered", bars=[Bar(WINDOW_FUNNEL, 1 / 3, 1 / 4)])],
        [window_funnel("reordered")],
    ),
    Job(
        "funnel by plan of one channel",
        [
            funnel(
                MAIL_STEPS,
                "events",
                "--by",
                "properties.plan",
                "--where",
                'channel == "email"',
                bars=[Bar(WINDOW_FUNNEL, 1 / 3, 1 / 5)],
            )
        ],
        [
            clickhouse(
                WINDOW_FUNNEL_BY_PLAN, name=WINDOW_FUNNEL, data="events", answer=persons_at_levels
            )
        ],
    ),
    Job(
        "funnel, ten times the persons",
        [
            funnel(
                STEPS,
                "events",
                name="funnel, all persons",
                bars=[
                    Bar("funnel, a tenth of the persons", 1.5, 1.5),
                    Bar("funnel, a tenth of the persons", 10, 10, "memory"),
                ],
            )
        ],
        [funnel(STEPS, "fewer", name="funnel, a tenth of the persons", compared=False)],
    ),
    Job(
        "funnel, ten times the events",
        [
            funnel(
                STEPS,
                "longest",
                "--lateness",
                "1h",
                name="funnel --lateness 1h, all events",
                compared=False,
                bars=[
                    Bar(TENTH_OF_EVENTS, 11.5, 11.5),
                    Bar(TENTH_OF_EVENTS, 1.1, 1.0, "memory"),
                ],
            )
        ],
        [funnel(STEPS, "shorter", "--lateness", "1h", name=TENTH_OF_EVENTS, compared=False)],
    ),
    Job(
        "funnel, two threads",
        [
            funnel(
                STEPS,
                "events",
                name="funnel --threads 2",
                threads=2,
                compared=False,
                bars=[Bar("funnel --threads 1", 0.75, 0.6, "wall")],
            )
        ],
        [funnel(STEPS, "events", name="funnel --threads 1", compared=False)],
    ),
    Job(
        "raw messages to canonical events",
        [
            Runner(
                "parse --from segment",
                [[[*PARSE, "{segment}"]]],
                data="segment",
                bars=[Bar("DuckDB copy", 1 / 3, 1 / 5), Bar("jq -c", 1 / 20, 1 / 20)],
                answer=lines_and_times,
            )
        ],
        [
            duckdb(
                duckdb_copy("segment", SEGMENT_TIMES),
                name="DuckDB copy",
                check="SELECT count(*), sum(epoch_ms(originalTimestamp)) "
                + duckdb_source("segment", SEGMENT_TIMES),
                data="segment",
                answer=first_row,
            ),
            tool("jq -c", ["jq", "-c", JQ_CONVERT, "{segment}"], data="segment", slow=True),
        ],
    ),
    Job(
        "access log",
        [
            Runner(
                "parse --from combined",
                [[program("parse", "--from", "combined", "{combined}")]],
                data="combined",
                bars=[Bar("GoAccess", 1 / 10, 1 / 20)],
                answer=line_count,
            )
        ],
        [
            tool(
                "GoAccess",
                [
                    "goaccess",
                    "{combined}",
                    "--log-format=COMBINED",
                    "--no-global-config",
                    "--no-progress",
                    "-o",
                    "json",
                ],
                data="combined",
                answer=valid_requests,
            )
        ],
    ),
    Job(
        "each event or person annotated",
        [
            Runner(
                "segment, 3 stateless rules",
                [[program("segment", *rules(3), "{events}")]],
                data="events",
                bars=[Bar("DuckDB copy", 1 / 4, 1 / 6)],
                answer=segment_sizes,
            ),
            Runner(
                "segment, 10 rules, 3 look back",
                [[[*SEGMENT, "{events}"]]],
                data="events",
                bars=[Bar("DuckDB copy", 1 / 2, 1 / 3)],
            ),
            *(
                Runner(
                    " ".join([name, *options]),
                    [[[*program(name, *options, *THREADS_1), "{events}"]]],
                    data="events",
                    bars=[Bar("DuckDB copy", 1 / 3, 1 / 4)],
                )
                for name, *options in REPORTS
            ),
            Runner(
                "session",
                [[[*program("session"), "{events}"]]],
                data="events",
                bars=[Bar("DuckDB copy", 1 / 3, 1 / 4)],
            ),
        ],
        [
            duckdb(
                duckdb_copy("events", ["timestamp"]),
                name="DuckDB copy",
                check=DUCKDB_SEGMENT_SIZES,
                data="events",
                answer=first_row,
            ),
            python("orjson copy", ORJSON_COPY, "orjson", data="events"),
        ],
    ),
    Job(
        "the whole pipe",
        [
            Runner(
                "parse \\| segment \\| funnel --pass \\| score",
                [PIPE],
                data="segment",
                bars=[Bar("the four alone", 1, 0.65, "wall")],
                answer=bytes_digest,
            )
        ],
        # Their sum; only the last one's output is the pipe's.
        [Runner("the four alone", ALONE, data="segment", check=ALONE[-1:], answer=bytes_digest)],
    ),
]
