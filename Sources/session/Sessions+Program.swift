import Pipes
import Records

extension Sessions {
  static let program = Program(
    name: "session",
    summary: "when persons come, how long they stay, what they look at",
    discussion: """
      Adds to every event the session of its person: "sessionId", and "session" with the start, the number of \
      the event in it and the seconds since the one before. An event begins a session where the person has been \
      idle for more than --idle, and where the other rules say so; a gap of just --idle goes on.

      --rules ga4 (default): 30 minutes idle, no maximum. posthog: 30 minutes idle, 24 hours from the first event \
      to the last. matomo: 30 minutes idle, a new day in --time-zone, an event with another campaign, 10,000 \
      events. Options for each rule change or add it.

      What only reaches a person, a delivery or an impression, is of no session and passes as it came; --passive \
      names more of them, and --event says what is of one in place of every interaction. The id is made of the \
      person's id in the first event and its time, so the same input gives the same ids on any machine; a \
      sessionId and session that are there already are replaced.

      Events are annotated as they come, with the persons that are linked by then. One older than the person's \
      newest is of the same session where no more than --idle lies between it and the session's start, else a \
      session by itself that changes nothing; --reorder 1h puts events in order first.

      With --report the run writes session.summary, and a session record for each finished session: its page \
      views, the first and the last page, where the visitor came from (trafficSource, else context.campaign, of \
      the first event that has one), and its revenue in one currency. A session is finished when event time has \
      passed its idle limit, or at the end; a snapshot counts the others as "open". The order in which events come \
      plays no part. --summary writes session.summary alone, and can be had under --lateness, where the median is \
      within 1 % (quantileError) and persons who are forgotten keep their sessions in the sums.

      Engaged and bounced are those of the rules. ga4: a session is engaged that is longer than --engaged-after \
      10s, has a key event (--key-event, by default a purchase) or two page or screen views; all others have \
      bounced. posthog: bounced are those with one page view, nothing that was autocaptured, and less than \
      --engaged-after; sessions without a page view are left out. matomo: bounced are those with one event. The \
      latter two do not say what engaged is: it is null.

      averageSeconds is from the first event to the last, 0 for one event. pageSeconds is the mean time on a \
      page: until the next page view of the session, for the last page until the last event behind it; a page \
      with nothing behind it is left out. returning: the share of persons with a session that was not their first \
      of those that count. Rates have their 95 % Wilson interval.

      --by takes the value at the first event of a session that has one: --by trafficSource.channel, --by \
      context.page.path for the landing page. A person counts under each value. Cost of reports: 28 bytes an \
      event and 24 a different combination of what is told of it; under --lateness 80 bytes an open session and \
      32 a person and value; of annotations 40 bytes a person.
      """,
    family: .annotate,
    options: [
      OptionDeclaration(
        "rules", "NAME", "Whose rules are followed. Default ga4.",
        choices: SessionDefinition.Named.allCases.map(\.rawValue)),
      OptionDeclaration(
        "idle", "DURATION", "The longest time without an event in a session. Default 30m."),
      OptionDeclaration(
        "max", "DURATION", "The longest time from the first event of a session to the last."),
      OptionDeclaration(
        "split-at-midnight", nil, "A session ends with the calendar day of --time-zone."),
      OptionDeclaration(
        "split-on-campaign", nil,
        "An event of another campaign (context.campaign, else trafficSource) begins a session."),
      OptionDeclaration("max-events", "N", "The most events in a session."),
      OptionDeclaration(
        "event", "EXPR",
        "What is of a session: the name of an event, or a CEL expression. Default: every interaction."
      ),
      OptionDeclaration(
        "passive", "NAME", "An event that is no interaction, beside those known.",
        repeatable: true),
      OptionDeclaration(
        "report", nil, "Report each finished session, and what they are like together."),
      OptionDeclaration("summary", nil, "Report only what sessions are like together."),
      OptionDeclaration(
        "page", "EXPR",
        "In reports, a page view: the name of an event, or a CEL expression; may be repeated. Default"
          + " 'Page Viewed' and 'Screen Viewed'.", repeatable: true),
      OptionDeclaration(
        "key-event", "EXPR",
        "In reports, an event that makes a session engaged, likewise. Default: a purchase.",
        repeatable: true),
      OptionDeclaration(
        "engaged-after", "DURATION",
        "In reports, how long a session is that is engaged, or no bounce. Default 10s."),
      OptionDeclaration(
        "purchase", "NAME",
        "In reports, an event that is a purchase; may be repeated. Default 'Order Completed'.",
        repeatable: true),
    ],
    examples: [
      Program.Example("session --reorder 1h events.ndjson", "Every event with its session."),
      Program.Example(
        "session --summary --format table events.ndjson",
        "How many sessions, how long, how many pages, how many bounce."),
      Program.Example(
        "session --rules matomo --time-zone Europe/Berlin --report events.ndjson",
        "Each session by itself, as Matomo divides them."),
      Program.Example(
        "session --summary --by trafficSource.channel --format table events.ndjson",
        "Which channel brings those who stay."),
      Program.Example(
        "session --summary --by context.page.path --by-limit 20 --format table events.ndjson",
        "The twenty landing pages with most sessions."),
    ], reportsWith: ["report", "summary"])
}
