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
      included; at equal times the order that helps; one event counts for one step; a new first \
      step begins a new try, and the latest try that can convert wins. With --order strict no other \
      event may stand between two steps.

      --semantics clickhouse: windowFunnel of ClickHouse with all its modes; --window must be \
      given. One event may count for two steps; at equal times lower steps come first.

      --lateness 1h: events that are settled are folded into how far their person has come, at most \
      64 bytes for five steps and a window of up to 14 weeks. The report is the same but for \
      medianSeconds and p90Seconds, which are within 1 % (quantileError). An event that links two \
      ids joins all that they did since an hour before it; of what was folded by then each id's is \
      taken by itself: the further one is reported, and each step goes on from the later try. Late \
      events link ids, but do not count; they are no bad data: --strict and --max-rejects let them be.
      """,
    family: .aggregate,
    options: [
      OptionDeclaration("steps", "A,B,…", "The names of events, in order."),
      OptionDeclaration(
        "step", "NAME=EXPR",
        "One step by a CEL expression, or by the name of its event; once for each step.",
        repeatable: true),
      OptionDeclaration(
        "window", "DURATION", "Longest time from the first step to the last. Default 14d."),
      OptionDeclaration(
        "semantics", "NAME", "Whose rules are followed. Default posthog.",
        choices: FunnelDefinition.Semantics.allCases.map(\.rawValue)),
      OptionDeclaration(
        "order", "ORDER",
        "sequential (default): other events may stand between; strict: none may.",
        choices: ["sequential", "strict"]),
      OptionDeclaration(
        "mode", "MODE,…",
        "Modes of windowFunnel: \(WindowFunnelMode.allCases.map(\.rawValue).joined(separator: ", "))."
      ),
      OptionDeclaration("persons", nil, "Also one funnel.person record for each who entered."),
    ],
    examples: [
      Program.Example(
        "funnel --steps 'Product Viewed,Product Added,Order Completed' --format table events.ndjson",
        "Who views, who adds to the cart, who buys."),
      Program.Example(
        "funnel --step 'Visit=type == \"page\"' --step 'Signed Up' --by trafficSource.channel",
        "From the first visit to the sign-up, for each channel by itself."),
      Program.Example(
        "parse --from combined access.log | funnel --steps 'Page Viewed,Asset Requested' --window 1h",
        "A funnel of an access log."),
    ], omitting: ["currency"])
}
