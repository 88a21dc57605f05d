import Pipes

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

      With --changes each entering and leaving is a record of its own, at its own time: a window \
      that passes ends a membership without an event. With --populations the run reports how many \
      persons are in each segment at the end, and the events come out only with --pass.
      """,
    family: .annotate,
    options: [
      OptionDeclaration("rules", "FILE", "The segments: a JSON file of names and conditions."),
      OptionDeclaration(
        "changes", nil, "Also write segment.entered and segment.left records."),
      OptionDeclaration(
        "populations", nil, "Report the number of persons in each segment at the end."),
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
    ],
    omitting: ["currency"], reportsWith: ["populations"])
}
