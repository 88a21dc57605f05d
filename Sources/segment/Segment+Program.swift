import Pipes
import Records
import Statistics

extension Segment {
  static let program = Program(
    name: "segment",
    summary: "who is this: names the segments that the person of each event is in",
    discussion: """
      Reads a file of rules, each a name and a CEL condition, and adds to every event "segments", \
      the names of the segments its person is in at that event, as far as known when it passes. \
      Conditions may look back at the person's earlier events: count, sum, last and others.

        {"segments":[
          {"name":"pro","when":"properties.plan == \\"pro\\""},
          {"name":"vip","when":"sum(event == \\"Order Completed\\", properties.revenue, \\"90d\\") > 500"},
          {"name":"away","when":"now - last(event == \\"Login\\") > duration(\\"336h\\")"}]}

      --builtin adds segments that need no rules, with or without a file: lifecycle:new, returning, \
      resurrected, dormant by calendar --period; rfm:champions, loyal, potential-loyalist, new, \
      need-attention, about-to-sleep, at-risk, hibernating from the fifths of recency, frequency and \
      money; value:none, low, medium, high; channel:web and so on, where most of the person's \
      interactions are; device:desktop, mobile, tablet, tv. As events pass, fifths are those among the \
      buyers known by then, told anew whenever the person is looked at; --populations ranks all \
      buyers exactly. Deliveries, impressions and other events that only reach a person are no activity \
      for lifecycle, channel and device; --passive names more of them, and a rule such as \
      count(true, \"30d\") > 0 counts them. A purchase without an amount that can be read counts with an \
      amount of 0, in any currency; reports say how many there are.

      Rules look back at all events, also at those that --where, --since and --until leave out; \
      built-in segments and groups are made of those alone that these options leave in.

      With --changes each entering and leaving is a record of its own, at its own time: a window \
      that passes ends a membership without an event. A rule that asks for parts of the clock, such as \
      now.getHours(), is answered anew at most 10,000 times between two events of a person.

      With --populations the run reports how many persons are in each segment at the end; with \
      --period at the end of each calendar period, those who entered and left since the end of the \
      one before, and the net growth against the last period that ended 90 days earlier, with a 95 % \
      interval (log ratio of paired counts). The last period is marked as not complete. Events wait \
      for the end then, so that their order of arrival plays no part. With --period rfm and value are \
      told among the buyers known at the end of each period, whatever part they came in: so --partial \
      refuses them there, as it refuses a person who comes in two parts.

      --discover K finds K groups of persons who behave alike, by k-means on standardised counts: \
      events, active days, recency, orders, and shares of weekends, times of the day, channels and \
      sorts of event. Each is described by what sets it apart.

      In reports the events come out only with --pass.
      """,
    family: .annotate,
    options: [
      OptionDeclaration("rules", "FILE", "The segments: a JSON file of names and conditions."),
      OptionDeclaration(
        "builtin", "NAME,…",
        "Segments that need no rules: any of lifecycle, rfm, value, channel, device."),
      OptionDeclaration(
        "changes", nil, "Also write segment.entered and segment.left records."),
      OptionDeclaration(
        "populations", nil, "Report the number of persons in each segment at the end."),
      OptionDeclaration(
        "discover", "K", "Find K groups of persons who behave alike, and say what sets each apart."),
      OptionDeclaration(
        "persons", nil, "With --discover, write the group of each person too."),
      OptionDeclaration(
        "period", "UNIT",
        "With --populations, report each segment at the end of each calendar period; also the periods"
          + " of lifecycle, by default day.",
        choices: CalendarPeriods.Unit.allCases.map(\.rawValue)),
      OptionDeclaration(
        "purchase", "NAME",
        "An event that is a purchase; may be repeated. Default 'Order Completed'.",
        repeatable: true),
      OptionDeclaration(
        "passive", "NAME", "An event that is no interaction, beside those known.",
        repeatable: true),
      OptionDeclaration(
        "currency", "CODE",
        "The currency of rfm and value. Default: as events pass that of the first amount, in reports"
          + " that of most purchases."),
    ] + RFMScale.declarations(in: " in reports without --period") + [
      OptionDeclaration(
        "value-cuts", "X,X",
        "Amounts from which on value is medium and high, in place of fifths.")
    ],
    examples: [
      Program.Example(
        "segment --rules segments.json events.ndjson", "Every event with its segments."),
      Program.Example(
        "segment --rules segments.json --changes < events.ndjson | grep '\\\"segment.left\\\"'",
        "Who left which segment, and when."),
      Program.Example(
        "segment --rules segments.json --populations --format table events.ndjson",
        "How many persons are in each segment."),
      Program.Example(
        "segment --builtin lifecycle --populations --period month --time-zone Europe/Berlin events.ndjson",
        "New, returning, resurrected and dormant persons at the end of each month."),
      Program.Example(
        "segment --discover 4 --format table events.ndjson", "Four groups found in what persons do."
      ),
    ],
    omitting: ["currency"], reportsWith: ["populations", "discover"])
}
