import Pipes
import Records

extension Kpi {
  static let program = Program(
    name: "kpi",
    summary: "the metrics that have names, each with its interval, period by period",
    discussion: """
      A kpi record for each metric and calendar --period (weeks begin on Monday): "result" with numerator, \
      denominator, value and 95 % interval, and "change", by how much it differs from the period before, with its \
      interval. A result is null where there is nothing to measure, "small" where there is too little; a period \
      that is not over has "complete": false.

      --metrics names some of the metrics; --definitions writes all that are built in, each with its formula, the \
      events that it reads, its unit and its source, in the form that --define takes. A metric of a --define file \
      that has the name of a built-in one takes its place.

      A definition has "numerator" and "denominator". Each is the name of an event or a CEL condition, and counts \
      events, or persons with "per": "person"; or an object that says what it counts: {"persons": …}, \
      {"personsBefore": …} in the period before, {"personsKept": …} in both, {"personsLost": …} in that one only, \
      {"personsReturning": …} in this and any earlier one, {"sum": VALUE, "when": …}, {"money": "net"} or \
      "purchases". The word interaction stands for what a person does, purchase for what --purchase names. \
      "mean" or "quantile" and "of" take a value of the events "when"; "product" multiplies other metrics. "from" \
      and "to" follow cases, as tickets: "to" belongs to the latest "from" before it that has the same "key", else \
      the same person; "within" bounds the time, and "cases" asks for the share that is closed, "mean" or "p90" \
      seconds, or "closings" by the "size" of what was opened. They count in the period of the opening. "sessions" asks for their "count", "seconds", "pages" or share "bounced", by the \
      rules of GA4.

      Intervals: Wilson for shares of persons and of events, which are taken for independent cases; adjusted Wald \
      for the Net Promoter Score; normal for means; for growth that of a ratio of the same persons. Of changes: \
      Newcombe for shares. Counts, sums, quantiles and quotients of unlike things have none.

      Retention, churn and growth compare a period with the one before: a customer is here who has an interaction. \
      retentionRate is (end - acquired) / start, netGrowthRate is (end - start) / start, which some handbooks call \
      retention. What only reaches a person, as a delivery or an impression, is no interaction; --passive names \
      more of them. Money is exact and in one currency: that of most purchases, or --currency.

      --targets FILE has {"targets": [{"metric": "nps", "target": 45, "by": "2026-12-31", "benchmark": 38}]}. \
      A kpi.target record tells the latest period that is over, whether the target is reached, on track or off \
      track, what is to be expected in the period of the date, and the probability that the target is met there: \
      by the line through the latest twelve periods and Student's distribution; with less than three periods, by \
      the latest value and its interval. "target" of a kpi record is null where a metric has none.

      --by is the value of each event: a person counts under every value that the person's events have. The \
      report is the same for any order of the events. Cost: 16 bytes a person and period, 48 a session.
      """,
    family: .aggregate,
    options: [
      OptionDeclaration("metrics", "NAME,…", "The metrics to report, in their order. Default all."),
      OptionDeclaration("define", "FILE", "Metrics of one's own, as JSON with CEL conditions."),
      OptionDeclaration("definitions", nil, "Write the definitions that are built in."),
      OptionDeclaration(
        "targets", "FILE", "What metrics are to be, by when, as JSON; reported as kpi.target."),
      OptionDeclaration(
        "period", "UNIT", "The calendar periods of the report. Default month.",
        choices: CalendarPeriods.Unit.allCases.map(\.rawValue)),
      OptionDeclaration(
        "lifespan", "YEARS", "For how many years a customer stays, as clv takes it. Default 1."),
      OptionDeclaration(
        "purchase", "NAME", "An event that is a purchase. Default 'Order Completed'.",
        repeatable: true),
      OptionDeclaration(
        "passive", "NAME", "An event that is no interaction, beside those known.",
        repeatable: true),
    ],
    examples: [
      Program.Example(
        "kpi --format table events.ndjson", "All metrics month by month, for people."),
      Program.Example(
        "kpi --metrics conversionRate,averageOrderValue --period week --by channel",
        "Two metrics by week and channel."),
      Program.Example(
        "kpi --metrics nps,csat --period quarter --since 2026-01-01 events.ndjson",
        "What customers say, quarter by quarter."),
      Program.Example(
        "kpi --metrics nps,conversionRate --targets targets.json --format table events.ndjson",
        "Two metrics, and whether they come to what they are to be."),
      Program.Example(
        "kpi --definitions > metrics.json", "The definitions, to start one's own from."),
      Program.Example(
        "kpi --define metrics.json --metrics activation events.ndjson",
        "A metric of one's own."),
    ])
}
