import Pipes
import Records

extension Cohort {
  static let program = Program(
    name: "cohort",
    summary: "who comes back, how many are active, who stays away",
    discussion: """
      One report a run: --retention (default), --active, --lifecycle, --churn or --survival. Activity is \
      what --event says, the name of an event or a CEL expression; where it is left out, every interaction. \
      What only reaches a person, a delivery or an impression, is none; --passive names more of them.

      --retention: a cohort is the persons with a start event in one calendar --period. cohort.retention has, for \
      each cohort, its size and, by the number of periods since, the share who came back: a rate with \
      its 95 % Wilson interval. A start, and a return, is what --start and --return say, else activity.

      A return is later than the start of its cohort. "day1" is the next calendar day in --time-zone, \
      however few hours later (--calendar, the default; weeks begin on Monday); with --rolling it is \
      24 to 48 hours after the person's first start in the cohort's period, week1 is 7 to 14 days, month1 \
      30 to 60 days; a quarter is 90 days, a year 365. "day0" is a return in the period of the start itself; by the calendar it is reported \
      where start and return are different events. --brackets 0,1-3,4-7 takes periods together: a person \
      who came back in any of them counts once.

      --mode on (default): came back in that very period. --mode on-or-after: in that period or any later \
      one, until now. --recurring (default): a person is in the cohort of every period with a start. \
      --first-time: of the first start alone; what --since or --where leave out is as if it had never been.

      A bracket that is not over for the whole cohort has "complete": false; it is left out of the mean. \
      cohort.mean is over the cohorts whose bracket is over, each with the weight of its size; its \
      interval takes persons who are in several cohorts for different ones. --by: the value at the person's \
      first start. Brackets that no one of a cohort can have reached yet are not there.

      --active: cohort.active has the persons active in each calendar --period. By day also "weekly" and \
      "monthly", those active in the 7 and 30 days up to and with it (null where the events do not reach back \
      so far), and stickiness, the share of the monthly who are active on the day; by week and month the mean \
      number active on a day, and stickiness as the share of its days on which its persons were active, without \
      an interval. cohort.frequency has the persons by the exact number of periods in which they were active, \
      of the last --periods up to now. --event 'Email Opened' gives the daily, weekly and monthly readers.

      --lifecycle: of each period who is new (the first event of any kind, activity or not, is in it), returning \
      (active in the period before too), resurrected (neither), and dormant: active in the period before, not in \
      this one, counted once. quickRatio is new and resurrected over dormant. --churn: which share of those \
      active in the period before is lost in this one. The last period is not complete.

      --survival: a person leaves when --idle days in a row have passed without activity, for the first time \
      after the first --start (else activity); cohort.survival is Kaplan and Meier's share of those still here by \
      days since, with its 95 % log-log interval; who has not left is watched up to the last day that is over. \
      cohort.lifetime has the median with its interval, null where the curve does not come down so far.

      --mode on --calendar --recurring are PostHog's defaults, --mode on-or-after --rolling Mixpanel's. The \
      report is the same for any order of the events. Cost: 12 bytes a person and day with an event; 24 \
      with --rolling (each half of a day by itself) or where start and return differ.
      """,
    family: .aggregate,
    options: [
      OptionDeclaration(
        "start", "EXPR",
        "What begins a cohort or a life: the name of an event, or a CEL expression. Default: activity."
      ),
      OptionDeclaration("return", "EXPR", "What is a return, likewise."),
      OptionDeclaration(
        "event", "EXPR", "What is activity, likewise. Default: every interaction."),
      OptionDeclaration(
        "period", "UNIT", "The calendar periods of the report. Default day.",
        choices: CalendarPeriods.Unit.allCases.map(\.rawValue)),
      OptionDeclaration(
        "periods", "N",
        "How many periods are followed, default 12; for --active, how many up to now persons are counted"
          + " by, default 28 days, 12 weeks or 12 months."),
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
      OptionDeclaration("retention", nil, "Report who comes back (default)."),
      OptionDeclaration("active", nil, "Report how many are active, and how often."),
      OptionDeclaration(
        "lifecycle", nil, "Report who is new, returning, resurrected, dormant in each period."),
      OptionDeclaration("churn", nil, "Report which share of the active each period loses."),
      OptionDeclaration("survival", nil, "Report after how many days persons stay away."),
      OptionDeclaration(
        "idle", "DURATION", "With --survival, whole days without activity. Default 30d."),
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
      Program.Example(
        "cohort --active --event 'Email Opened' --format table events.ndjson",
        "Who reads e-mails, by day, in 7 days and in 30."),
      Program.Example(
        "cohort --lifecycle --period month --time-zone Europe/Berlin events.ndjson",
        "New, returning, resurrected and dormant persons month by month."),
      Program.Example(
        "cohort --survival --start 'Signed Up' --idle 14d --by properties.plan events.ndjson",
        "How long those of each plan stay."),
    ],
    omitting: ["currency"])
}
