import Pipes
import Records
import Testing

@testable import Expressions

@Suite("What the help says of expressions")
struct GuideTests {
  /// Milliseconds of the time that a line has.
  static func time(of line: String) throws -> Int64 {
    let text = Array(line.utf8)
    let key = Array(#""timestamp":""#.utf8)
    let start = try #require(text.indices.first { text[$0...].starts(with: key) }) + key.count
    let moment = Moment(rfc3339: text.span, from: start, to: start + 20)
    return try #require(moment).milliseconds
  }

  @Test("each example has the value that stands beside it")
  func examples() throws {
    let lines = ExpressionGuide.earlierEvents.split(separator: "\n").map(String.init)
    let event = ExpressionGuide.event.split(separator: "\n").joined()
    for row in ExpressionGuide.sections.flatMap(\.rows) {
      var environment = Environment(allowsLookBack: true, zones: .system)
      let expression = try environment.compile(row.example, as: .value)
      var memory = PersonMemory(for: environment)
      var place = EventPlace(start: 0, end: 0, base: 0, time: .distantPast)
      for (number, line) in (lines + [event]).enumerated() {
        let sample = try Sample(
          line, environment, time: try Self.time(of: line), fingerprint: UInt64(number))
        place = sample.place
        memory.observe(0, place, fields: sample.fields, in: sample.bytes.span)
        memory.capture(0, place, fields: sample.fields, in: sample.bytes.span)
      }
      let value = try memory.value(expression, person: 0, at: place.time).result.get()
      var json: [UInt8] = []
      value.append(to: &json, from: [UInt8]().span)
      #expect(String(decoding: json, as: UTF8.self) == row.value, "\(row.example)")
    }
  }

  @Test("every function, macro and operator has an example")
  func isComplete() {
    let examples = ExpressionGuide.sections.flatMap(\.rows).map { $0.example + " " + $0.meaning }
    for name in ExpressionGuide.names {
      #expect(examples.contains { $0.contains(name) }, "\(name)")
    }
    for kind in LookBackPlan.StateKind.allCases {
      #expect(LookBackCall.sizes[kind] != nil, "\(kind)")
    }
  }

  @Test("a summary says what is read, kept and what it costs")
  func summaries() throws {
    let table = [
      (
        "properties.revenue > 50 && count(event == \"Login\", \"7d\") > 2",
        """
          value   true or false
          reads   properties.revenue, event
          keeps   count over 7d: 8 bytes a person, and 16 bytes a step of the window with an event, at most 65 steps
          costs   at most 12 steps an event
        """
      ),
      (
        "record.a[\"b c\"].d == now.getHours() || [1, 2].exists(x, x == bot) || string(type) == ''",
        """
          value   true or false
          reads   a.b c.d, bot, type
          clock   may be another one every 1h: where changes are followed, answered anew at most 10000 times between two events of a person
          costs   at most 23 steps an event
        """
      ),
      (
        "properties.items.map(i, i.price)",
        """
          value   a list
          reads   properties.items
          costs   5 steps and more for each element of a list, at most 1000000 an event
        """
      ),
      (
        "sum(true, properties.revenue) > 1 || last(bot) == null || size(record) == 0",
        """
          value   true or false
          reads   properties.revenue, bot, record
          keeps   sum: 48 bytes a person
          keeps   last: 8 bytes a person
          costs   at most 15 steps an event
        """
      ),
    ]
    for (source, expected) in table {
      var environment = Environment(allowsLookBack: true)
      let expression = try environment.compile(
        source, as: source.hasPrefix("properties.items") ? .value : .condition)
      #expect(expression.summary.text == "\(source)\n\(expected)\n")
      #expect(environment.summaries.map(\.source) == [source])
    }
    var environment = Environment(allowsLookBack: true, zones: .system)
    _ = try environment.compile(
      "now.getHours('Europe/Berlin') < 9 || now.getSeconds() < 3", from: "segment night")
    #expect(
      environment.summaries[0].text.split(separator: "\n").dropFirst() == [
        "  for     segment night", "  value   true or false", "  reads   nothing of the event",
        "  clock   may be another one every 1s: where changes are followed, answered anew at most 10000"
          + " times between two events of a person",
        "  costs   at most 10 steps an event",
      ])
  }

  @Test("loops do not explode: neither over written lists nor over what an event has")
  func loops() throws {
    let list = "[" + Array(repeating: "0", count: 101).joined(separator: ",") + "]"
    let nested = "\(list).all(a, \(list).all(b, \(list).all(c, a + b + c == 0)))"
    #expect(
      ErrorTests.error(nested).hasSuffix(
        ": the loops take 8273316 steps; one event may cost 1000000"))
    let deep = (0..<80).reduce("x0 == 0") { "\(list).all(x\($1), \($0))" }
    #expect(
      ErrorTests.error(deep).hasSuffix("more steps than can be counted; one event may cost 1000000")
    )
    // Of each value there are twice as many in the next one.
    var doubled = "[0]"
    for _ in 0..<60 { doubled += ".map(a, [a, a])" }
    #expect(try outcome(doubled, of: "{}") == "error tooCostly")
    #expect(try outcome("\(doubled) == \(doubled)", of: "{}") == "error tooCostly")
    var text = "[event]"
    for _ in 0..<60 { text += ".map(a, a + a)" }
    #expect(try outcome(text, of: #"{"event":"Order Completed"}"#) == "error tooCostly")
    let numbers = (0..<400).map(String.init).joined(separator: ",")
    let three = "a.all(x, a.all(y, a.all(z, x + y + z >= 0)))"
    #expect(try outcome(three, of: #"{"a":[\#(numbers)]}"#) == "error tooCostly")
  }
}
