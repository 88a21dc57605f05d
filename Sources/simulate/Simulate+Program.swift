import Pipes

extension Simulate {
  static let program = Program(
    name: "simulate", summary: "events of a made-up population, with known truth",
    discussion: """
      Writes the events of a web shop's customers, one JSON object a line, in the order of their \
      times. What is true of them is known, so that every estimate of the other programs can be \
      compared with it: --print-truth writes it in place of the events.

      A person comes for the first time in the first 80 % of the period and then again and again, \
      some very often, most hardly ever (a Pareto distribution). Visits come from campaigns, \
      search engines, social sites and others. Persons are anonymous until they sign up; that \
      event carries both ids, later ones the userId with or without the anonymousId. Now and then \
      they come with another device and sign in there. Once in a while a person looks at a \
      product and goes through the funnel Product Viewed, Product Added, Checkout Started, \
      Payment Info Entered, Order Completed; at each step some stay behind, and the times between \
      steps are exponential. Buyers buy again by the BG/NBD process, for amounts of the \
      gamma-gamma model. Those who signed up get newsletters and open tickets; some buyers answer \
      a survey. Crawlers, duplicates, late and broken lines come on top.

      The same options give the same bytes on every machine.
      """,
    family: .make,
    options: sizeOptions + formOptions + behaviourOptions + groupOptions + noiseOptions,
    examples: [
      Program.Example(
        "simulate | parse | funnel --steps 'Product Viewed,Product Added,Order Completed'",
        "The demo: 20,000 persons in 90 days."),
      Program.Example(
        "simulate --seed 7 --persons 1000 --print-truth", "What an estimate should find again."),
      Program.Example(
        "simulate --events 2000000 --persons 300000 --output events.ndjson",
        "Data for a benchmark: exactly two million events."),
      Program.Example(
        "simulate --format combined --bots 20 | parse --from combined",
        "An access log, one request of five from a crawler."),
      Program.Example(
        "simulate --bots 0 --duplicates 0 --late 0 --broken 0", "Clean data."),
    ])

  private static let sizeOptions = [
    OptionDeclaration(
      "seed", "N", "Another number makes another population. Default 1."),
    OptionDeclaration(
      "persons", "N",
      "How many persons there are. Default 20000, or 3 for each 20 events of --events."),
    OptionDeclaration(
      "events", "N",
      "Write exactly N different events and stop. Visits become as frequent as that needs, so that"
        + " the time of the last event is about --days after the start. Duplicates and broken lines"
        + " are not counted. Default: all events of the period."),
    OptionDeclaration(
      "visits", "NUMBER",
      "Mean number of visits of a person in the period, without --events. Default 2."),
    OptionDeclaration("start", "DATE", "The first day, or moment. Default 2026-01-01."),
    OptionDeclaration("days", "N", "The length of the period. Default 90."),
  ]

  private static let formOptions = [
    OptionDeclaration(
      "format", "FORMAT",
      "events: as parse writes them (the default); reordered: the same with the keys the other way"
        + " round, nested objects first; segment: messages as trackers send them; combined: an"
        + " access log.",
      choices: Format.allCases.map(\.rawValue)),
    OptionDeclaration(
      "context", "WHERE",
      "Where the whole context stands, user agent and library too: on the first event of each visit"
        + " (landing, the default) or on every one (full).",
      choices: ["landing", "full"]),
    OptionDeclaration(
      "currencies", "CODE,…", "The currencies that persons pay in, evenly. Default EUR."),
    OptionDeclaration(
      "print-truth", nil,
      "Write what is true in place of the events: the parameters, and the counts of this run."),
  ]

  private static let behaviourOptions = [
    OptionDeclaration(
      "enter", "PERCENT",
      "Chance of a visit to begin the first journey through the funnel. Default 40."),
    OptionDeclaration(
      "step-rates", "P,P,P,P",
      "Percent of persons who go on from each step of the funnel to the next. Default 55,65,85,92."),
    OptionDeclaration(
      "shipping-odds", "ODDS",
      "Plant a cause of the drop before the payment: four checkouts in ten tell that shipping costs 4.90"
        + " and not 0, and have ODDS times the odds of going on. The rate of the step stays. A funnel"
        + " that ends with the payment shows this odds ratio; of one that ends later it is nearer to 1."
    ),
    OptionDeclaration(
      "step-delays", "D,D,D,D",
      "Mean times from each step to the next; the times are exponential. Default 4m,10m,2m,1m."),
    OptionDeclaration(
      "sign-up", "PERCENT",
      "Chance that an anonymous visitor signs up, in each visit and before a checkout. Default 20."),
    OptionDeclaration(
      "activity", "SHAPE",
      "Shape of the Pareto distribution of how often persons come: the lower, the more comes from a"
        + " few. Default 1.5."),
    OptionDeclaration(
      "repeat", "R,ALPHA,A,B",
      "Parameters of the BG/NBD process of repeat orders: buyers' orders a day are gamma distributed"
        + " with shape R and rate ALPHA (days), their chance to be lost after each repeat order is"
        + " beta distributed with A and B. Default 0.8,30,0.8,2.5."),
    OptionDeclaration(
      "spend", "P,Q,GAMMA",
      "Parameters of the gamma-gamma model of order values, whose mean is P × GAMMA / (Q − 1)."
        + " Default 6,4,15."),
  ]

  private static let groupOptions = [
    OptionDeclaration(
      "groups", nil,
      "Let each person behave as one of four groups do: window shoppers, buyers, app users,"
        + " weekenders. Events say which in plantedGroup.")
  ]

  private static let noiseOptions = [
    OptionDeclaration("bots", "PERCENT", "Share of the events that are a crawler's. Default 1."),
    OptionDeclaration(
      "duplicates", "PERCENT",
      "Share of the events that come again within a minute, with the same messageId. Default 0.5."),
    OptionDeclaration(
      "late", "PERCENT",
      "Share of the events that come behind newer ones, at most 50. Default 2."),
    OptionDeclaration(
      "late-by", "DURATION",
      "How long late events are held back at most, evenly distributed; each comes behind the next"
        + " newer one. Default 15m."),
    OptionDeclaration(
      "broken", "PERCENT",
      "Broken lines added for each hundred events: torn, without a time, no JSON, no UTF-8 and so"
        + " on. Default 0.05."),
    OptionDeclaration(
      "ties", "PERCENT",
      "Share of the events that get the very time of the event before them. Default 0."),
  ]
}
