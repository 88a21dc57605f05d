import Expressions
import Testing

/// Which names an event must have for a condition to be true.
@Suite struct EventNamesTests {
  @Test(
    "names that a condition asks for",
    arguments: [
      (#"event == "A""#, ["A"]), (#"event in ["A", "B"]"#, ["A", "B"]),
      (#"event == "A" && properties.n > 1"#, ["A"]), (#"properties.n > 1 && event == "A""#, ["A"]),
      (#"event == "A" || event == "B""#, ["A", "B"]),
      (#"event in ["A", "B"] && event == "B""#, ["B"]),
      (#"(event == "A" && bot) || (event == "B" && properties.n / 0 > 1)"#, ["A", "B"]),
      (#"event == "A" || bot"#, nil), (#"event != "A""#, nil), (#"!(event == "A")"#, nil),
      ("properties.n > 1", nil), (#"event.startsWith("A")"#, nil), (#"type == "page""#, nil),
    ] as [(String, [String]?)])
  func names(source: String, expected: [String]?) throws {
    var environment = Environment()
    let names = try environment.compile(source).eventNames
    #expect(names?.map { String(decoding: $0, as: UTF8.self) }.sorted() == expected)
  }
}
