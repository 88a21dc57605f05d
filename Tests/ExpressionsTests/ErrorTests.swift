import Expressions
import Records
import Testing

@Suite("Errors in expressions")
struct ErrorTests {
  /// The message, column and suggestion of the error, in words.
  static func error(_ source: String, _ purpose: Environment.Purpose = .condition) -> String {
    var environment = Environment(allowsLookBack: true)
    do {
      _ = try environment.compile(source, as: purpose)
      return "none"
    } catch {
      return "\(error.column): \(error.headline)"
    }
  }

  @Test(
    "say what, where and what was perhaps meant",
    arguments: [
      ("", "1: the expression is empty"),
      ("not bot", "1: 'not' is no operator: did you mean '!'?"),
      ("bot && NOT (true)", "8: unknown function 'NOT': did you mean '!'?"),
      ("bot is null", "5: 'is' is no operator: did you mean '=='?"),
      ("bot IS NOT NULL", "5: 'IS' is no operator: did you mean '!='?"),
      (
        "event like \"A%\"",
        "7: 'like' is no operator: did you mean '….contains(\"…\")' or '….matches(\"…\")'?"
      ),
      ("event not in [\"a\"]", "7: 'not' is no operator: did you mean '!(… in …)'?"),
      (
        "event in (\"a\", \"b\")",
        "10: a list is written in brackets: did you mean '[\"a\", \"b\"]'?"
      ),
      ("event in (\"a\", ", "10: a list is written in brackets: did you mean '[…]'?"),
      (
        "now > timestamp(\"2026-03-14\")",
        "7: the text does not say such a value: did you mean 'timestamp(\"2026-03-14T00:00:00Z\")'?"
      ),
      (
        "now > timestamp(\"2026-03-14 09:26\")",
        "7: the text does not say such a value: did you mean 'timestamp(\"2026-03-14T09:26:00Z\")'?"
      ),
      ("now > timestamp(\"soon\")", "7: the text does not say such a value"),
      (
        "now > \"2026-03-14\"",
        "5: '>' does not take a timestamp and a string: did you mean 'timestamp(\"2026-03-14T00:00:00Z\")'?"
      ),
      (
        "last(bot) > 5",
        "11: '>' does not take a timestamp and an int: did you mean 'now - last(bot) > duration(\"5d\")'?"
      ),
      (
        "now - last(bot) > \"7d\"",
        "17: '>' does not take a duration and a string: did you mean 'duration(\"7d\")'?"
      ),
      (
        "7 < now - first(bot)",
        "3: '<' does not take an int and a duration: did you mean 'duration(\"7d\")'?"
      ),
      ("last(bot) == null || first(bot) < last(bot)", "none"), ("dyn(last(bot)) > 5", "none"),
      (
        "(bot ? 1 : \"a\") == 1",
        "6: the answers of '? :' are of one type, these are an int and a string; dyn(…) around one lets"
          + " them differ"
      ),
      ("(bot ? 1 : dyn(\"a\")) == 1", "none"), ("(bot ? null : \"a\") == \"a\"", "none"),
      ("(bot ? 1 : 0.5) < 1", "none"),
      ("1 + 1.5 > 2.0", "3: '+' does not take an int and a double: did you mean 'double(1)'?"),
      (
        "duration(\"1h\").getHours(\"UTC\") > 1",
        "25: getHours of a length of time takes no time zone"
      ),
      ("event.matches('(?P<a>x)|(?P<a>y)')", "26: two groups are named 'a'"),
      ("event = \"A\"", "7: '=' does not compare: did you mean '=='?"),
      ("event == \"A\" & bot", "14: '&' is no operator: did you mean '&&'?"),
      ("event == \"A\" and bot", "14: 'and' is no operator: did you mean '&&'?"),
      ("event == \"A\" or bot", "14: 'or' is no operator: did you mean '||'?"),
      ("event == \"A", "10: this string has no closing quote"),
      ("event == ", "10: the expression ends too early"),
      ("(event == \"A\"", "14: the expression ends where ')' is due"),
      ("event == \"A\")", "13: ')' cannot stand here"),
      ("[1, 2", "6: the expression ends where ']' is due"),
      ("event.starsWith(\"A\")", "7: unknown function 'starsWith': did you mean 'startsWith'?"),
      ("cuont(bot) > 1", "1: unknown function 'cuont': did you mean 'count'?"),
      ("frobnicate(1)", "1: unknown function 'frobnicate'"),
      ("startsWith(event)", "1: startsWith is written value.startsWith(…)"),
      ("size(1) > 0", "1: size does not take an int"),
      ("\"a\" == 1", "5: '==' does not take a string and an int"),
      ("1 + \"a\" == 2", "3: '+' does not take an int and a string"),
      ("\"vip\"", "1: a condition is true or false, this is a string"),
      ("1 && bot", "1: '&&' takes true or false, this is an int"),
      ("!5", "1: '!' takes true or false, this is an int"),
      ("\"é\" && bot", "1: '&&' takes true or false, this is a string"),
      ("\"é😀\" == \"x\" && 5", "16: '&&' takes true or false, this is an int"),
      ("event.matches(\"a(b\")", "17: this '(' is never closed"),
      ("event.matches(r'[z-a]')", "18: this range goes backwards"),
      (
        "event.matches('\\\\pL{2}{3}')",
        "15: a repetition cannot be repeated: put it in parentheses"
      ),
      (
        "event.matches(r'x(?=y)')",
        "19: a pattern here cannot look ahead or behind: it is searched in linear time"
      ),
      (
        "event.matches(r'\\p{Greak}')",
        "17: there is no class '\\p{Greak}': did you mean '\\p{Greek}'?"
      ),
      ("matches(event, '*')", "17: there is nothing for this to repeat"),
      ("event.matches(5)", "7: matches does not take an int"),
      (
        "now.getHours('Mars/Olympus') == 1",
        "14: unknown time zone: a zone is Europe/Berlin, UTC or +05:45"
      ),
      ("count(count(bot) > 1) > 1", "7: count() cannot stand inside another look-back function"),
      (
        "count(bot, \"7 days\") > 1",
        "12: a window is a length of time in quotes: \"30m\", \"7d\", \"4w\""
      ),
      (
        "sum(bot) > 1", "1: sum() is written sum(condition, value) or sum(condition, value, \"7d\")"
      ),
      ("count(\"x\") > 1", "7: the condition of count() is true or false, this is a string"),
      (
        "[1].exists(n, count(n > 1) > 1)",
        "21: a look-back function cannot read the variable 'n' of a macro"
      ),
      (
        "string(now) == \"x\"",
        "1: here `now` can be shifted, compared and asked for its parts down to seconds, no more"
      ),
      ("has(event)", "1: has() takes a field of something: has(properties.plan), has(record.bot)"),
      ("package == 1", "1: 'package' is reserved; the field is record.package"),
      ("duration(\"7 days\") > duration(\"1s\")", "1: the text does not say such a value"),
      (
        "99999999999999999999 > 1",
        "1: an int goes from -9223372036854775808 to 9223372036854775807"
      ),
      ("1abc > 1", "2: a number ends in letters; put a string in quotes"),
      ("\"\\q\" == event", "2: unknown escape in a string"),
      ("[1].all(1, true)", "9: the first argument of all is a new variable's name"),
      ("Thing{a: 1}", "6: messages are not part of these expressions; a map is {\"key\": value}"),
      ("event # x", "7: '#' has no meaning here"),
      ("naïve == 1", "3: names have letters, digits and _; put others in quotes: record[\"…\"]"),
    ])
  func messages(_ source: String, _ expected: String) {
    #expect(ErrorTests.error(source) == expected)
  }

  @Test("are drawn with a caret under the column")
  func rendering() throws {
    var environment = Environment()
    let error = #expect(throws: ExpressionError.self) {
      try environment.compile("channel == \"é\" &&\n  event.starsWith(\"Order\")")
    }
    #expect(
      error?.rendering == """
        unknown function 'starsWith': did you mean 'startsWith'?
            event.starsWith("Order")
                  ^
        """)
    // What failed leaves nothing behind.
    #expect(environment.selection.count == 0)
  }

  @Test("looking back is refused where there is no person")
  func noPerson() throws {
    var environment = Environment()
    let error = #expect(throws: ExpressionError.self) {
      try environment.compile("count(bot) > 1")
    }
    #expect(
      error?.headline == "count() looks back over a person's events, which is not possible here")
    _ = try environment.compile("string(now) == \"x\"")
  }

  @Test("hostile nesting and length end in an error, not in a crash")
  func hostile() {
    let deep = 100_000 / 2
    for (open, close) in [("(", ")"), ("[", "]"), ("!(", ")"), ("a[", "]"), ("{1:", "}")] {
      let count = deep / open.count
      let source =
        String(repeating: open, count: count) + "1"
        + String(repeating: close, count: count)
      #expect(ErrorTests.error(source, .value).contains(": "))
    }
    let chains = ["a.", "a + ", "a ? b : ", "a < ", "-", "!", "a[0].", "f(", "a.all(x, "]
    for chain in chains {
      let source = String(repeating: chain, count: 60_000 / chain.count) + "a"
      _ = ErrorTests.error(source, .value)
    }
    #expect(ErrorTests.error(String(repeating: "a", count: 70_000)).contains("65536"))
    // Long chains of logic are one node.
    let logic = (0..<4000).map { "a == \($0)" }.joined(separator: " || ")
    #expect(ErrorTests.error(logic) == "none")
  }

  @Test("random texts never crash the compiler or the evaluation")
  func fuzz() throws {
    var random = TestRandom(state: 3)
    let pieces = [
      "event", "properties", ".", "a", "[", "]", "(", ")", "1", "2.5", "\"x\"", "==", "<", "&&",
      "||",
      "!", "-", "+", "*", "/", "%", "in", "?", ":", ",", "{", "}", "size", "has", "now", "count",
      "last", "duration", "exists", "all", "map", "x", "null", "true", "r'", "b\"", "`", "\\",
      "'''",
      "0x", "u", "é", "timestamp", "string", "int", ".exists(x, ", "count(event == \"A\", \"7d\")",
    ]
    var compiled = 0
    for _ in 0..<5000 {
      let length = Int.random(in: 1..<12, using: &random)
      let source = (0..<length).map { _ in pieces.randomElement(using: &random)! }
        .joined(separator: Bool.random(using: &random) ? " " : "")
      var environment = Environment(allowsLookBack: true)
      guard let expression = try? environment.compile(source, as: .value) else { continue }
      compiled += 1
      let sample = try Sample(
        #"{"event":"A","a":[1,2,{"x":3}],"properties":{"x":"y"}}"#, environment)
      _ = sample.outcome(expression)
      _ = sample.holds(expression)
      var memory = PersonMemory(for: environment)
      memory.observe(0, sample.place, fields: sample.fields, in: sample.bytes.span)
      memory.capture(0, sample.place, fields: sample.fields, in: sample.bytes.span)
      _ = memory.value(expression, person: 0, at: sample.place.time)
    }
    #expect(compiled > 150)
  }
}
