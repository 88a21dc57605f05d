import Expressions
import Records
import Testing

@Suite("Expressions over records")
struct RecordTests {
  static let line = #"""
    {"type":"track","event":"Order Completed","userId":"u1","channel":"email","zero":null,\#
    "properties":{"plan":"pro","revenue":49.99,"big":9007199254740993,"huge":1e400,\#
    "long":123456789012345678901234567890123456789.5,"a b":1,"tags":["x","y"],"n":5,\#
    "items":[{"price":2,"name":"tea"},{"price":3.50,"name":"cup"}],"caf\u00e9":"\u00e9\ud83d",\#
    "twice":1,"twice":2,"yes":true,"when":"2026-03-01T00:00:00.5Z","tenth":0.1,"fifth":0.2}}
    """#

  @Test(
    "values",
    arguments: [
      ("event", #"text "Order Completed""#),
      ("event == \"Order Completed\"", "true"),
      ("event != \"Order Completed\"", "false"),
      ("event < \"Order D\"", "true"),
      ("\"Order\" <= event", "true"),
      ("event in [\"A\", \"Order Completed\"]", "true"),
      ("event in [\"A\", \"B\"]", "false"),
      ("channel == \"email\" && properties.revenue > 49", "true"),
      ("userId.startsWith('u') && userId.endsWith('1') && event.contains('Comp')", "true"),
      ("missing", "null"),
      ("missing == null", "true"),
      ("missing == \"x\"", "false"),
      ("missing != \"x\"", "true"),
      ("missing < \"x\"", "error noValue"),
      ("missing.deeper == 1", "error noSuchKey"),
      ("zero", "null"),
      ("properties.none == 1", "error noSuchKey"),
      ("properties.none == 1 || event.size() == 15", "true"),
      ("properties.none == 1 && false", "false"),
      ("has(properties.plan)", "true"),
      ("has(properties.none)", "false"),
      ("has(missing.deeper.still)", "false"),
      ("has(record.event) && !has(record.bot)", "true"),
      ("bot", "false"),
      ("!bot", "true"),
      ("segments", "[]"),
      ("\"vip\" in segments", "false"),
      ("stage == \"\"", "true"),
      ("stage in [\"\", \"a\"]", "true"),
      ("record.stage", "null"),
      ("record.properties.plan", #"text "pro""#),
      ("record[\"event\"] == event", "true"),
      ("\"userId\" in record", "true"),
      ("properties[\"a b\"] + 1", "number 2e0"),
      ("properties.`a b`", "number 1e0"),
      ("properties[\"café\"] == properties.`café`", "true"),
      ("properties.twice", "number 2e0"),
      ("properties.yes ? 1 : 2", "int 1"),
      ("type", #"text "track""#),
      ("type(properties.n) == number", "true"),
      ("properties.tags[1]", #"text "y""#),
      ("properties.tags[2]", "error noSuchIndex"),
      ("\"x\" in properties.tags", "true"),
      ("size(properties.tags) + size(properties.items)", "int 4"),
      ("properties.items.exists(i, i.price > 3)", "true"),
      ("properties.items.all(i, i.price > 3)", "false"),
      ("properties.items.map(i, i.name)", #"[text "tea", text "cup"]"#),
      ("properties.items.filter(i, i.price == 3.5)[0].name", #"text "cup""#),
      ("properties.items.map(i, i.price > 2, i.name)", #"[text "cup"]"#),
      ("properties.tags == ['x', 'y']", "true"),
      ("properties.items[0] == {'price': 2, 'name': 'tea'}", "true"),
      ("timestamp(properties.when) - timestamp('2026-02-28T00:00:00Z')", "duration 86400500000000"),
      ("duration('1w') == duration('168h')", "true"),
      ("now", "timestamp 7000000"),
      ("now - duration('5ms')", "timestamp 2000000"),
    ])
  func values(_ source: String, _ expected: String) throws {
    #expect(try outcome(source, of: RecordTests.line, time: 7) == expected)
  }

  @Test(
    "a JSON number compares and adds up by its exact value",
    arguments: [
      ("properties.revenue == 49.99", "true"),
      ("properties.revenue > 49.98 && properties.revenue < 50u", "true"),
      ("50 > properties.revenue", "true"),
      ("properties.big == 9007199254740993", "true"),
      ("properties.big == 9007199254740992", "false"),
      ("properties.big > 9007199254740992.0", "true"),
      ("properties.big in [9007199254740993]", "true"),
      ("properties.huge > 1e308", "true"),
      ("properties.huge < 1.0 / 0.0", "true"),
      ("properties.long > 123456789012345678901234567890.0", "true"),
      ("properties.long == properties.long", "true"),
      ("properties.long < properties.huge", "true"),
      ("properties.tenth + properties.fifth == 0.3", "true"),
      ("0.1 + 0.2 == 0.3", "false"),
      ("properties.tenth + 1", "number 11e-1"),
      ("properties.n * 3", "number 15e0"),
      ("properties.n / 2", "double 2.5"),
      ("properties.n % 3", "number 2e0"),
      ("properties.n - 0.5", "double 4.5"),
      ("properties.n / 0", "error divisionByZero"),
      ("-properties.n", "number -5e0"),
      ("int(properties.revenue)", "int 49"),
      ("string(properties.revenue)", #"text "49.99""#),
      ("properties.plan > 3", "error noSuchOverload"),
      ("properties.plan == 3", "false"),
      ("properties.n == 5.0 && properties.n == 5u && properties.n == 5", "true"),
      ("9223372036854775807 < 9223372036854775808.0", "true"),
      ("dyn(18446744073709551615u) < 18446744073709551616.0", "true"),
      ("-9223372036854775808 == -9223372036854775808.0", "true"),
      ("2.5 > 2 && -2.5 < -2 && 2.5 < 3u && -0.5 < 0u", "true"),
      ("0.0 / 0.0 < 1 || 1 < 0.0 / 0.0 || 0.0 / 0.0 == 1u", "false"),
      ("properties.tenth == 0.1 && properties.tenth == double(properties.tenth)", "true"),
    ])
  func numbers(_ source: String, _ expected: String) throws {
    #expect(try outcome(source, of: RecordTests.line) == expected)
  }

  @Test(
    "numbers of all types go together where one depends on an event",
    arguments: [
      ("properties.revenue * 1.19 - 5", "double 54.4881"),
      ("5 - properties.revenue * 1.5", "double -69.985"),
      ("properties.n / 2 - 1", "double 1.5"), ("properties.n / 2 * 3u", "double 7.5"),
      ("(properties.n > 9 ? properties.n : 0) - 0.5", "double -0.5"),
      ("properties.items.map(i, i.price * 1.5 + 1)", "[double 4.0, double 6.25]"),
      ("[1, 2.5].map(x, x + properties.n)", "[number 6e0, double 7.5]"),
      ("properties.tags.map(t, size(t) * 0.5 - 1)", "[double -0.5, double -0.5]"),
      ("properties.tags.map(t, [1, 2].map(x, x + 0.5 * size(t)))[1][1]", "double 2.5"),
      ("properties.revenue % 7", "number 99e-2"), ("-properties.revenue % 7", "number -99e-2"),
      ("properties.revenue % properties.tenth", "number 9e-2"),
      ("properties.n % 2.5", "double 0.0"), ("properties.n / 2 % 2", "double 0.5"),
      ("properties.n % 0", "error divisionByZero"), ("properties.n / 0.0", "double inf"),
      ("size(properties.tags) * 1.5", "double 3.0"), ("size(properties.tags) - 1u", "number 1e0"),
      ("properties.n + 'a'", "error noSuchOverload"), ("[1, 2.5][0] + 0.5", "error noSuchOverload"),
      ("dyn(1) + 0.5", "error noSuchOverload"), ("[1].map(x, x + 0.5)", "error noSuchOverload"),
      ("properties.n + 1 == 6 && properties.n * 2u == 10.0", "true"),
    ])
  func mixed(_ source: String, _ expected: String) throws {
    #expect(try outcome(source, of: RecordTests.line) == expected)
  }

  @Test("whole numbers compare by their value, whatever their types and sizes")
  func wholeNumbers() throws {
    // As JSON, as a literal of each type that has the value, in ascending order.
    let table: [(json: String, literals: [String])] = [
      ("-1e308", []),
      ("-170141183460469231731687303715884105728", ["-170141183460469231731687303715884105728.0"]),
      ("-9223372036854775809", []),
      ("-9223372036854775808", ["-9223372036854775808", "-9223372036854775808.0"]),
      ("9007199254740992", ["9007199254740992", "9007199254740992u", "9007199254740992.0"]),
      ("9007199254740993", ["9007199254740993", "9007199254740993u"]),
      ("9223372036854775807", ["9223372036854775807", "9223372036854775807u"]),
      ("9223372036854775808", ["9223372036854775808u", "9223372036854775808.0"]),
      ("18446744073709551615", ["18446744073709551615u"]),
      ("18446744073709551616", ["18446744073709551616.0"]),
      ("1e38", []), ("1e40", []), ("10000000000000000303786028427003666890752", ["1e40"]),
      ("1e308", []),
    ]
    for (place, row) in table.enumerated() {
      for (otherPlace, other) in table.enumerated() {
        for left in row.literals + ["a"] {
          for right in other.literals + ["b"] {
            let line = #"{"a":\#(row.json),"b":\#(other.json)}"#
            let (below, same) = ("\(place < otherPlace)", "\(place == otherPlace)")
            #expect(
              try outcome("dyn(\(left)) < dyn(\(right))", of: line) == below,
              "\(line) \(left) \(right)")
            #expect(
              try outcome("\(left) < \(right)", of: line) == below, "\(line) \(left) \(right)")
            #expect(
              try outcome("\(left) == \(right)", of: line) == same, "\(line) \(left) \(right)")
            #expect(
              try outcome("\(left) in [\(right)]", of: line) == same, "\(line) \(left) \(right)")
          }
        }
      }
    }
  }

  @Test("numbers past 38 digits compare by their digits")
  func digits() throws {
    let texts = [
      "-1e500", "-123456789012345678901234567890123456789012", "-1", "0",
      "0.00000000000000000000000000000000000000000000000001", "1",
      "123456789012345678901234567890123456789012",
      "123456789012345678901234567890123456789012.1", "1e99999", "1e99999999999999999999",
    ]
    for (left, leftText) in texts.enumerated() {
      for (right, rightText) in texts.enumerated() {
        let line = #"{"a":\#(leftText),"b":\#(rightText)}"#
        #expect(try outcome("a < b", of: line) == "\(left < right)", "\(line)")
        #expect(try outcome("a == b", of: line) == "\(left == right)", "\(line)")
      }
    }
  }

  @Test("strings compare as bytes, escapes decoded, never by canonical equivalence")
  func strings() throws {
    #expect(try outcome(#"a == "\u00e9""#, of: #"{"a":"é"}"#) == "true")
    #expect(try outcome(#"a == "é""#, of: #"{"a":"\u00e9"}"#) == "true")
    #expect(try outcome(#"a in ["é", "x"]"#, of: #"{"a":"\u00e9"}"#) == "true")
    #expect(try outcome(#"a == "e\u0301""#, of: #"{"a":"\u00e9"}"#) == "false")
    #expect(try outcome("a == b", of: #"{"a":"\ud83d","b":"\ud83d"}"#) == "true")
    #expect(try outcome("a == b", of: #"{"a":"\ud83d","b":"\ud83e"}"#) == "false")
    #expect(try outcome("a == b", of: #"{"a":"a\u0062","b":"ab"}"#) == "true")
    #expect(try outcome("size(a)", of: #"{"a":"é\n😀"}"#) == "int 3")
    for length in 0..<40 {
      let text = String(repeating: "x", count: length)
      #expect(try outcome(#"a == "\#(text)""#, of: #"{"a":"\#(text)"}"#) == "true")
      #expect(try outcome(#"a == "\#(text)y""#, of: #"{"a":"\#(text)z"}"#) == "false")
      #expect(try outcome(#"a == "\#(text)""#, of: #"{"a":"\#(text)z"}"#) == "false")
    }
  }

  @Test("a long list of names is searched by length and bytes")
  func longLists() throws {
    let names = (0..<100).map { "Event \($0 * 7)" }
    let list = names.map { "\"\($0)\"" }.joined(separator: ",")
    for number in 0..<700 {
      let found = try outcome("event in [\(list)]", of: #"{"event":"Event \#(number)"}"#)
      #expect(found == "\(number % 7 == 0)")
    }
  }

  @Test(
    "a message without an event has the name that its type implies",
    arguments: [
      ("page", "Page Viewed"), ("screen", "Screen Viewed"), ("identify", "Identified"),
      ("group", "Grouped"), ("alias", "Aliased"),
    ])
  func impliedNames(_ type: String, _ name: String) throws {
    let line = #"{"type":"\#(type)"}"#
    #expect(try outcome("event", of: line) == #"text "\#(name)""#)
    #expect(try outcome("event == \"\(name)\"", of: line) == "true")
    #expect(try outcome("event != \"\(name)\"", of: line) == "false")
    #expect(try outcome("event in [\"A\", \"\(name)\"]", of: line) == "true")
    #expect(try outcome("event.startsWith(\"\(name.prefix(3))\")", of: line) == "true")
    #expect(try outcome("record.event", of: line) == "null")
    #expect(try outcome("event", of: #"{"type":"\#(type)","event":"X"}"#) == #"text "X""#)
    for event in ["null", "\"\"", "5"] {
      let blank = #"{"event":\#(event),"type":"\#(type)"}"#
      #expect(try outcome("event", of: blank) == #"text "\#(name)""#)
      #expect(try outcome("event == \"\(name)\" && event != \"\"", of: blank) == "true")
    }
    #expect(try outcome("event", of: #"{"type":"track"}"#) == "null")
    #expect(try outcome("event != \"A\"", of: #"{"type":"track","event":5}"#) == "true")
  }

  @Test("an error in a condition makes it false and is counted")
  func failures() throws {
    var environment = Environment()
    let failing = try environment.compile("properties.revenue > 5")
    let negated = try environment.compile("!(properties.revenue > 5)")
    let absorbed = try environment.compile("properties.revenue > 5 || event == \"A\"")
    let sample = try Sample(#"{"event":"A","properties":{}}"#, environment)
    #expect(sample.holds(failing) == (false, failures: 1))
    #expect(sample.holds(negated) == (false, failures: 1))
    #expect(sample.holds(absorbed) == (true, failures: 0))
  }

  @Test("a value is written as JSON, the digits of a number untouched")
  func json() throws {
    let line = #"{"a":1.50,"b":"\u00e9\ud83d","c":true,"d":{"n":1e2,"l":[1,"x",null]}}"#
    let table = [
      ("a", "1.50"), ("b", #""é\ud83d""#), ("c", "true"), ("none", "null"), ("d.n", "1e2"),
      ("d.l", #"[1,"x",null]"#), ("d.none", "null"), ("a + 1", "2.5"), ("1.5", "1.5"),
      ("now", #""1970-01-01T00:00:00Z""#), ("duration('90m')", #""5400s""#),
      ("{1: a}", #"{"1":1.5}"#),
      ("b'abcd'", #""YWJjZA==""#),
    ]
    for (source, expected) in table {
      var environment = Environment()
      let expression = try environment.compile(source, as: .value)
      #expect(try Sample(line, environment).json(expression) == expected, "\(source)")
    }
  }

  @Test("an expression tells what it reads")
  func reads() throws {
    var environment = Environment()
    _ = environment.selection.slot("userId")
    let name = try environment.compile("event == \"A\" || event == \"B\"")
    let type = try environment.compile("event == \"A\" && type == \"track\"")
    let more = try environment.compile("event == \"A\" && channel == \"email\"")
    let whole = try environment.compile("\"event\" in record")
    #expect(
      environment.selection.keys.map { String(decoding: $0, as: UTF8.self) }
        == ["userId", "event", "type", "channel"])
    #expect(name.readsOnlyEventName && name.readsOnlyEventAndType)
    #expect(!type.readsOnlyEventName && type.readsOnlyEventAndType)
    #expect(!more.readsOnlyEventAndType && more.slots == [1, 2, 3])
    #expect(!whole.readsOnlyEventName && !whole.readsOnlyEventAndType)
    let slip = try environment.compile("evnt == 'x'").summary.doubtfulNames
    #expect(slip.map(\.suggestion) == ["event"] && slip.map(\.slot) == [4])
  }

  @Test("no expression costs more than its steps")
  func cost() throws {
    let numbers = (0..<1100).map(String.init).joined(separator: ",")
    let line = #"{"a":[\#(numbers)]}"#
    #expect(try outcome("a.all(x, a.all(y, x + y >= 0))", of: line) == "error tooCostly")
    #expect(try outcome("a.all(x, x >= 0)", of: line) == "true")
  }
}
