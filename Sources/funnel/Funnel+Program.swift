import Pipes

extension Funnel {
  static let program = Program(
    name: "funnel",
    summary: "how many go through the steps, where they stop, and how long it takes",
    discussion: """
      Counts the persons that reach each step, in the order of event time whatever the order of \
      arrival. Each rate comes with a 95 % Wilson interval; "open" are persons whose conversion \
      window has not closed, so they may still go on; the step with the smallest share of those \
      before it is marked as the weakest.

      --semantics posthog (default): the window counts from the first step, default 14d, its end \
      included; at equal times lower steps come first, whatever came first, and one event counts for one \
      step of a try (where several fit several steps, the first that fits is taken, as PostHog does: the \
      best way to share them out is not searched for); a new first \
      step begins a new try, and the latest try that can convert wins. With --order strict no other \
      event may stand between two steps; with --order any the steps may come in any order within a \
      window, and step 2 is the second one done. An excluded event takes a person out of the funnel \
      whose furthest try it falls into ("excluded"); with --order any it makes the person begin anew. \
      Rates of a step are over the required step before it.

      --semantics clickhouse: windowFunnel of ClickHouse with all its modes; --window must be \
      given. One event may count for two steps; at equal times lower steps come first.

      --semantics mixpanel: the window, default 7d, counts from the person's first event of the first \
      step, later ones change nothing; steps within 2 s of each other may change places; an excluded \
      event makes the person drop off. --semantics amplitude: time is whole seconds, different events of \
      one second are in whichever order helps; of all entries the one that comes furthest counts, of \
      equals the earliest; --order strict is its exact order; --window must be given. Both follow the \
      public documentation of these products; no engine confirms them.

      --count totals: a try ends when it has converted, when nothing can carry it on any more, or, for \
      mixpanel, by an exclusion; then the person may enter again. --hold: a person passes with one value \
      at every step, the one that comes furthest; for mixpanel that of the first entry, for amplitude and \
      --count totals each value counts. An excluded event matters to its own value, one without a value \
      to all. --attribution all and step:N count a person under each value. --trend: a person enters at \
      most once a period, sessions and tries each once, and the periods whose windows may still be open \
      are not "complete".

      --times: funnel.time is Kaplan and Meier's time to convert for each step and the whole way. Who \
      is still inside the window is censored at asOf; who dropped stays unconverted to the end of \
      the window. "conversion" is the share who convert within it, with its 95 % log-log interval, \
      which nobody or everybody converting does not have; the median and its interval are null where \
      fewer than half do. --bins adds funnel.bin: PostHog's bins of equal width, each with the share \
      converted by its end.

      --drivers: events that are no steps, segments, and values of properties, counted only from the \
      entry on and before the conversion, for those who did not convert up to the end of their window. \
      A value is compared with the other values of its property among the persons who had it. Those \
      who may still go on are left out, so that shares are too high where many may (--matured puts that \
      right, odds ratios do not need it), and what fewer than 25 persons and 2 % of them show. Sample odds \
      ratio with its 95 % logit interval, Fisher's exact p, and p corrected after Holm for all that was \
      compared ("tests"). What comes before need not cause: test it. Those who do not convert have the \
      longer time for everything: a --window near what --times tells is fairer. "skewed": one outcome is \
      more than ten times as frequent as the other. --dropoff: what came next after the last step reached, \
      however late; "left" did nothing more.

      --lateness 1h: events that are settled are folded into how far their person has come, at most \
      64 bytes for five steps and a window of up to 14 weeks, 72 with --exclude or --optional. The report is the same but for \
      medianSeconds and p90Seconds, which are within 1 % (quantileError), as are all of funnel.time. An event that links two \
      ids joins all that they did since an hour before it; of what was folded by then each id's is \
      taken by itself: the further one is reported, and each step goes on from the later try. Late \
      events link ids, but do not count; they are no bad data: --strict and --max-rejects let them be.

      What cannot be told without the events is refused with --lateness: --order any, whose window slides \
      over all of them; --hold and --attribution all or step:N, which need a state for each value of a \
      person; --trend, one for each period; --count sessions and totals, since a session or try that has \
      ended would have to be counted before a link of two ids can change it; --value, the amounts of every \
      try; --matured and --interval sequential, since which entries count is known at the end only; \
      mixpanel and amplitude, which go back to the first entry or compare all; --explain, which shows events.
      """,
    family: .aggregate,
    options: [
      OptionDeclaration("steps", "A,B,…", "The names of events, in order."),
      OptionDeclaration(
        "step", "NAME=EXPR",
        "One step by a CEL expression, or by the name of its event; once for each step.",
        repeatable: true),
      OptionDeclaration(
        "optional", "N",
        "Step N may be left out, once for each. Cost: none a person; 8 bytes a step while reporting.",
        repeatable: true),
      OptionDeclaration(
        "exclude", "EXPR[@m-n]",
        "An event, by its name or a CEL expression, that must not come between the steps m and n, from the"
          + " first to the last where no range is given. Cost: 12 bytes for each such event.",
        repeatable: true),
      OptionDeclaration(
        "window", "DURATION",
        "Longest time from the first step to the last. Default 14d, for mixpanel 7d."),
      OptionDeclaration(
        "step-window", "DURATION", "Longest time from each step to the next. No cost a person."),
      OptionDeclaration(
        "semantics", "NAME", "Whose rules are followed. Default posthog.",
        choices: FunnelDefinition.Semantics.allCases.map(\.rawValue)),
      OptionDeclaration(
        "order", "ORDER",
        "sequential (default): other events may stand between; strict: none may, at 12 bytes for each event"
          + " of no step; any: the steps may come in any order, at no cost a person.",
        choices: FunnelDefinition.Order.allCases.map(\.rawValue)),
      OptionDeclaration(
        "mode", "MODE,…",
        "Modes of windowFunnel: \(WindowFunnelMode.allCases.map(\.rawValue).joined(separator: ", "));"
          + " strict_order at 12 bytes for each event of no step, the others at no cost."
      ),
      OptionDeclaration(
        "reentry", "RULE",
        "Of mixpanel: first (default), the first entry alone counts; optimized, the best one. No cost a"
          + " person.",
        choices: ["first", "optimized"]),
      OptionDeclaration(
        "tie-grace", "DURATION",
        "Of mixpanel: steps so near each other may change places. Default 2s. No cost a person."),
      OptionDeclaration(
        "hold", "PATH",
        "The same value at every step: a field, or a CEL expression; once for each. An event without it is no"
          + " step. Cost: 4 bytes an event, and each different value.",
        repeatable: true),
      OptionDeclaration(
        "count", "UNIT",
        "persons (default), each once; sessions, each by itself, at 12 bytes for every event; totals: again"
          + " after having converted or timed out.",
        choices: FunnelCounting.Unit.allCases.map(\.rawValue)),
      OptionDeclaration(
        "idle", "DURATION", "The longest time without an event in a session. Default 30m."),
      OptionDeclaration(
        "value", "PATH",
        "Sum and mean of a field at each step, each currency (properties.currency) by itself. Cost: 4 bytes"
          + " an event, and 56 for each different amount."),
      OptionDeclaration(
        "attribution", "WHICH",
        "Which value of --by counts: first (default) or last of any step, 20 bytes a person; all, each with"
          + " the events that carry it, or step:N, those that step N has, 4 bytes an event."),
      OptionDeclaration(
        "trend", "PERIOD",
        "Also one funnel.trend record a period, by entry. No cost a person.",
        choices: ["day", "week", "month"]),
      OptionDeclaration(
        "matured", nil,
        "Only entries whose window has closed: a first step within a --window of the report is none. No cost"
          + " a person."),
      OptionDeclaration(
        "explain", "ID",
        "Tells event by event what became of a person, and how the person is counted (funnel.explain); once"
          + " for each. Cost: 16 bytes for every event.",
        repeatable: true),
      OptionDeclaration(
        "interval", "KIND",
        "wilson (default), right for one look; sequential, a confidence sequence over matured entries, which"
          + " holds however often it is looked at. No cost a person.",
        choices: ["wilson", "sequential"]),
      OptionDeclaration(
        "times", nil,
        "Also how long each step and the whole way take, those still on their way counted rightly. No cost a"
          + " person; 24 bytes a distinct time while reporting."),
      OptionDeclaration(
        "bins", "N|auto",
        "With the times, how many persons took how long, in 1 to 90 bins. Cost: that of --times."),
      OptionDeclaration(
        "drivers", "N",
        "Also what sets those who convert apart: the N clearest for and the N clearest against. Cost: 16 bytes"
          + " for each event and each of its properties and segments, and each different text."),
      OptionDeclaration(
        "drivers-of", "PATH,…",
        "The properties that are compared; an object stands for all that is directly in it. Default"
          + " properties."),
      OptionDeclaration(
        "dropoff", "N",
        "Also what those who stopped did next, the N most frequent, and who left for good. Cost: 16 bytes for"
          + " each event, not twice with --drivers."),
      OptionDeclaration(
        "persons", nil,
        "Also one funnel.person record for each who entered. Cost: 64 bytes and 8 a step for each, while"
          + " reporting."),
    ],
    examples: [
      Program.Example(
        "funnel --steps 'Product Viewed,Product Added,Order Completed' --format table events.ndjson",
        "Who views, who adds to the cart, who buys."),
      Program.Example(
        "funnel --step 'Visit=type == \"page\"' --step 'Signed Up' --by trafficSource.channel",
        "From the first visit to the sign-up, for each channel by itself."),
      Program.Example(
        "funnel --steps 'Product Viewed,Order Completed' --exclude 'Support Ticket Opened' --trend week",
        "Week by week, without those who needed help."),
      Program.Example(
        "funnel --steps 'Product Viewed,Product Added' --hold properties.product_id --explain u1042",
        "The same product at both steps, and what became of one person."),
      Program.Example(
        "parse --from combined access.log | funnel --steps 'Page Viewed,Asset Requested' --window 1h",
        "A funnel of an access log."),
    ])
}
