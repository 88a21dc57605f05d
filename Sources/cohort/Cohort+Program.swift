import Pipes
import Records

extension Cohort {
  static let program = Program(
    name: "cohort",
    summary: "who comes back: retention of the persons who began in the same period",
    discussion: """
      A cohort is the persons with a start event in one calendar --period. cohort.retention has, for \
      each cohort, its size and, by the number of periods since, the share who came back: a rate with \
      its 95 % Wilson interval. A start, and a return, is what --start and --return say; where they are \
      left out it is every interaction. What only reaches a person, a delivery or an impression, is \
      none; --passive names more of them.

      A return is later than the start of its cohort. "day1" is the next calendar day in --time-zone, \
      however few hours later (--calendar, the default; weeks begin on Monday); with --rolling it is \
      24 to 48 hours after the person's first start in the cohort's period, week1 is 7 to 14 days, month1 \
      30 to 60 days. "day0" is a return in the period of the start itself; by the calendar it is reported \
      where start and return are different events. --brackets 0,1-3,4-7 takes periods together: a person \
      who came back in any of them counts once.

      --mode on (default): came back in that very period. --mode on-or-after: in that period or any later \
      one, until now. --recurring (default): a person is in the cohort of every period with a start. \
      --first-time: of the first start alone; what --since or --where leave out is as if it had never been.

      A bracket that is not over for the whole cohort has "complete": false; it is left out of the mean. \
      cohort.mean is over the cohorts whose bracket is over, each with the weight of its size; its \
      interval takes persons who are in several cohorts for different ones. --by: the value at the person's \
      first start. Brackets that no one of a cohort can have reached yet are not there.

      --mode on --calendar --recurring are PostHog's defaults, --mode on-or-after --rolling Mixpanel's. The \
      report is the same for any order of the events. Cost: 12 bytes a person and day with an event; 24 \
      with --rolling (each half of a day by itself) or where start and return differ.
      """,
    family: .aggregate,
    options: [
      OptionDeclaration(
        "start", "EXPR",
        "What begins a cohort: the name of an event, or a CEL expression. Default: every interaction."
      ),
      OptionDeclaration("return", "EXPR", "What is a return, likewise."),
      OptionDeclaration("event", "EXPR", "Both in one: what is activity."),
      OptionDeclaration(
        "period", "UNIT", "The periods of cohorts and returns. Default day.",
        choices: CalendarPeriods.Unit.allCases.map(\.rawValue)),
      OptionDeclaration("periods", "N", "How many periods are followed. Default 12."),
      OptionDeclaration(
        "brackets", "N,N-M,…", "Periods after the start that are reported together, in their order."
      ),
      OptionDeclaration(
        "mode", "MODE", "When a return counts. Default on.", choices: ["on", "on-or-after"]),
      OptionDeclaration("calendar", nil, "Count calendar periods (default)."),
      OptionDeclaration(
        "rolling", nil, "Count periods of 24 hours, 7 days or 30 days from each person's start."),
      OptionDeclaration(
        "recurring", nil, "A person is in the cohort of every period with a start (default)."),
      OptionDeclaration("first-time", nil, "Only in the cohort of the first start."),
      OptionDeclaration(
        "passive", "NAME", "An event that is no interaction, beside those known.",
        repeatable: true),
    ],
    examples: [
      Program.Example(
        "cohort --period week --format table events.ndjson",
        "Of those active in a week, who is active again in the weeks after."),
      Program.Example(
        "cohort --start 'Signed Up' --return 'Order Completed' --first-time --period month",
        "Who buys in the month of the sign-up, and in the months after."),
      Program.Example(
        "cohort --event 'Email Opened' --rolling --mode on-or-after --brackets 1,2-7,8-30",
        "Who opens e-mails again the day after, in the first week, in the first month, or later."),
      Program.Example(
        "cohort --start 'Signed Up' --first-time --by trafficSource.channel --format table",
        "Which channel brings those who stay."),
    ],
    omitting: ["currency"])
}
