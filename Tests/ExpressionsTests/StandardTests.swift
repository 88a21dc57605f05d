import Expressions
import Pipes
import Testing

/// What the language definition says, where the suite beside the repository has no case or one.
@Suite("The standard")
struct StandardTests {
  static func outcome(_ source: String, checksTypes: Bool = false) -> String {
    var environment = Environment(
      standardWith: ["x", "l", "m"], checksTypes: checksTypes, zones: .system)
    do {
      let expression = try environment.compile(source, as: .value)
      return describe(
        try expression.value(variables: [.int(3), .list([.int(1), .text([97])]), nil]))
    } catch let error as ExpressionError {
      return "refused: \(error.headline)"
    } catch {
      return "error \(error)"
    }
  }

  @Test(
    "conversions, bounds and equality",
    arguments: [
      // Literals.
      ("0xffffffffffffffffu", "uint 18446744073709551615"),
      ("-0x8000000000000000", "int \(Int64.min)"),
      ("-9223372036854775808", "int \(Int64.min)"), ("1e3", "double 1000.0"),
      (".99", "double 0.99"),
      ("1.0e-3", "double 0.001"), ("-1.5E+2", "double -150.0"),
      ("'\\u00ff\\U0001f431'", "text \"ÿ🐱\""),
      ("'\\377'", "text \"ÿ\""), ("b'\\377\\xfe'", "bytes [255, 254]"),
      ("b'ÿ'", "bytes [195, 191]"),
      ("br'\\n'", "bytes [92, 110]"), ("rb'\\n'", "bytes [92, 110]"), ("R'\\x'", #"text "\\x""#),
      ("'''a\n'b'''", #"text "a\n\'b""#),
      ("\"\"\"\"a\"\"\"", #"text "\"a""#),
      ("'a\rb'", "refused: this string has no closing quote"),
      ("'\\U00110000'", "refused: unknown escape in a string"),
      ("'\\ud800'", "refused: unknown escape in a string"),
      ("'\\400'", "refused: unknown escape in a string"),
      ("\"\\a\\b\\f\\n\\r\\t\\v\\?\\`\"", #"text "\u{07}\u{08}\u{0C}\n\r\t\u{0B}?`""#),
      // Conversions.
      ("int(9223372036854775807.0)", "error outOfRange"),
      ("int(-9223372036854775808.0)", "error outOfRange"),
      ("int(9223372036854775807u)", "int \(Int64.max)"),
      ("int(9223372036854775808u)", "error outOfRange"),
      ("int(11.5) + int(-3.5)", "int 8"), ("int('-987')", "int -987"),
      ("int('')", "error badConversion"),
      ("int(' 7')", "error badConversion"), ("int(1e99)", "error outOfRange"),
      ("int(0.0/0.0)", "error outOfRange"),
      ("int(timestamp('2004-09-16T23:59:59Z'))", "int 1095379199"),
      ("uint(-1)", "error outOfRange"),
      ("uint(3.14159265)", "uint 3"), ("uint('300')", "uint 300"),
      ("uint(-0.5)", "error outOfRange"),
      ("uint(-0.0)", "uint 0"), ("double('1e400')", "error outOfRange"),
      ("double('-inf')", "double -inf"), ("double('1e-400')", "double 0.0"),
      ("timestamp('2026-03-14T00:00:00Z') == timestamp('2026-03-14T01:00:00+01:00')", "true"),
      ("timestamp('2026-03-14 00:00:00Z')", "error badConversion"),
      ("timestamp('2026-03-14 00:00Z')", "error badConversion"),
      ("timestamp('2026-03-14T00:00Z')", "error badConversion"),
      ("timestamp('2016-12-31T23:59:60Z')", "error badConversion"),
      ("timestamp('2026-03-14')", "error badConversion"),
      ("duration('90m').getHours('UTC')", "error noSuchOverload"),
      ("duration('90m').getMinutes(l[1])", "error noSuchOverload"),
      ("uint(18446744073709551616.0)", "error outOfRange"), ("double('-0.0')", "double -0.0"),
      ("double('6.02214e23')", "double 6.02214e+23"),
      ("double(18446744073709551615u)", "double 1.8446744073709552e+19"),
      ("double('x')", "error badConversion"), ("string(-4.5e-3)", "text \"-0.0045\""),
      ("string(1u)", "text \"1\""),
      ("string(b'\\xff')", "error badConversion"), ("bytes('ÿ')", "bytes [195, 191]"),
      ("bool('TrUe')", "error badConversion"),
      ("bool('t') && !bool('0')", "true"), ("type(type)", "type type"), ("type(int)", "type type"),
      ("type(timestamp(0)) == google.protobuf.Timestamp", "true"), ("type(1) == type(1u)", "false"),
      ("string(duration('1h1.5s'))", "text \"3601.5s\""),
      ("duration('-320000000000s')", "error badConversion"),
      ("duration('1d')", "error badConversion"),
      ("timestamp('0000-01-01T00:00:00Z')", "error badConversion"),
      ("timestamp('10000-01-01T00:00:00Z')", "error badConversion"),
      ("string(timestamp(1))", "text \"1970-01-01T00:00:01Z\""),
      // Arithmetic.
      ("9223372036854775807 + 1", "error overflow"), ("-(-9223372036854775808)", "error overflow"),
      ("-9223372036854775808 / -1", "error overflow"),
      ("-9223372036854775808 % -1", "error overflow"),
      ("0u - 1u", "error overflow"), ("-7 / 2", "int -3"), ("-7 % 2", "int -1"),
      ("7 % 0", "error divisionByZero"),
      ("1.0 / 0.0", "double inf"), ("1.5 % 0.5", "error noSuchOverload"),
      ("1 + 1.0", "error noSuchOverload"),
      ("1 + 1u", "error noSuchOverload"), ("-(5u)", "error noSuchOverload"),
      ("timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')", "error outOfRange"),
      ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "error outOfRange"),
      ("duration('200000h') * 2", "error noSuchOverload"),
      ("duration('2562047h') + duration('2562047h')", "error overflow"),
      // Equality and order across types.
      ("1 == 1.0 && 1u == 1 && 1.0 == 1u", "true"), ("1 == '1'", "false"),
      ("null == false", "false"),
      ("[1, 2u, 3.0] == [1.0, 2, 3u]", "true"), ("{1: 'a'} == {1u: 'a'}", "true"),
      ("{'a': 1} == {'a': 1, 'b': 2}", "false"),
      ("9007199254740993 == 9007199254740992.0", "true"),
      ("9223372036854775807 < 9223372036854775808.0", "false"),
      ("1u < 2 && -1 < 1u && 1.5 > 1", "true"), ("0.0/0.0 == 0.0/0.0", "false"),
      ("[0.0/0.0] != [0.0/0.0]", "true"),
      ("-0.0 == 0.0", "true"), ("false < true", "true"), ("b'a' < b'\\x61\\x00'", "true"),
      ("'Z' < 'a'", "true"),
      ("[1] < [2]", "error noSuchOverload"), ("null < null", "error noValue"),
      ("timestamp('2009-02-13T23:31:30Z') == timestamp('2009-02-14T00:31:30+01:00')", "true"),
      // Lists and maps.
      ("[7, 8][1.0]", "int 8"), ("[7, 8][dyn(1u)]", "int 8"), ("[7][0.1]", "error noSuchIndex"),
      ("[7][-1]", "error noSuchIndex"),
      ("[7][dyn('')]", "error noSuchIndex"), ("{1u: 'a', 2: 'b'}[1.0]", "text \"a\""),
      ("{1: 2}[3]", "error noSuchKey"),
      ("{1.5: 1}", "error badKey"), ("{null: 1}", "error badKey"),
      ("{0: 1, 0u: 2}", "error repeatedKey"),
      ("{'a': 1, 'a': 2}", "error repeatedKey"), ("2.0 in [1, 2]", "true"),
      ("'k' in {'k': 1}", "true"), ("1 in {1.0: 2}", "error badKey"),
      ("3 in 'abc'", "error noSuchOverload"), ("has({'a': null}.a)", "true"),
      ("{'a': {}}.a.b", "error noSuchKey"),
      ("has({'a': {}}.a.b)", "false"), ("has(x.a)", "error noSuchOverload"),
      ("size({1: 2}) + size(b'ab') + size('ü')", "int 4"),
      ("[1, 2,]", "[int 1, int 2]"), ("{1: 2,}.size()", "int 1"), ("l[1] + 'b'", "text \"ab\""),
      // Errors absorbed.
      ("m || true", "true"), ("true || m", "true"), ("m && false", "false"),
      ("m && true", "error unknownName"),
      ("1 || true", "true"), ("false && 1", "false"), ("1 && true", "error noSuchOverload"),
      ("!1", "error noSuchOverload"),
      ("m ? 1 : 2", "error unknownName"), ("true ? 1 : m", "int 1"),
      ("'a' ? 1 : 2", "error noSuchOverload"),
      ("[1, 2].exists(e, e / 0 == 1 || e == 2)", "true"),
      ("[1, 0].exists(e, 1 / e == 7)", "error divisionByZero"),
      ("[0, 1].all(e, 1 / e == 7)", "false"),
      ("[0, 1].exists_one(e, 1 / e == 1)", "error divisionByZero"),
      ("[1, 2].exists(e, e)", "error noSuchOverload"), ("[].all(e, m)", "true"),
      ("[1].map(e, m)", "error unknownName"),
      // Macros.
      ("{'a': 1, 'b': 2}.all(k, k < 'c')", "true"), ("{'a': 1}.map(k, k)", "[text \"a\"]"),
      ("[1, 2, 3].filter(e, e > 1).map(e, e > 2, e * 2)", "[int 6]"),
      ("[[1], [2]].exists(x, x.exists(x, x == 2))", "true"),
      ("[1].exists(x, x == 1) && x == 3", "true"),
      ("1.map(e, e)", "error noSuchOverload"),
      ("[1].all(e.f, true)", "refused: the first argument of all is a new variable's name"),
      // Times.
      ("timestamp('2009-02-13T23:31:30.25Z').getMilliseconds()", "int 250"),
      ("timestamp('2009-02-13T23:31:30Z').getHours('Asia/Kathmandu')", "int 5"),
      ("timestamp('2009-02-13T23:31:30Z').getMinutes('Europe/Nowhere')", "error unknownZone"),
      ("timestamp('2026-07-01T00:30:00Z').getDate('America/St_Johns')", "int 30"),
      ("timestamp('1969-12-31T23:59:59.999Z').getSeconds()", "int 59"),
      ("duration('-3.9s').getSeconds()", "int -3"),
      ("duration('123.321456789s').getMilliseconds()", "int 321"),
      ("duration('1h').getFullYear()", "error noSuchOverload"),
      ("timestamp('2000-01-01T00:00:00Z').getDayOfWeek('-00:01')", "int 5"),
      // Form.
      (" \t\n\u{C}\r1 // a comment\n + 2", "int 3"),
      ("1 +", "refused: the expression ends too early"),
      ("{'if': 1}.if", "int 1"), ("if", "refused: 'if' is reserved; the field is record.if"),
      ("!!true", "true"), ("--x", "int 3"),
      ("x == 3 ? (x > 2 ? 'a' : 'b') : 'c'", #"text "a""#),
      ("x == 3 ? x > 2 ? 1 : 2 : 3", "refused: '?' cannot stand here"),
      ("1 + 2 * 3 % 4 - 5", "int -2"),
      (".x", "int 3"),
      ("{'a-b': 1}.`a-b`", "int 1"), ("as", "refused: 'as' is reserved; the field is record.as"),
      ("x.in", "error noSuchOverload"),
    ])
  func outcomes(_ source: String, _ expected: String) {
    #expect(Self.outcome(source) == expected)
  }

  @Test(
    "types that are known are checked before the evaluation",
    arguments: [
      "1 + 'a'", "1 < 'a'", "1 == 'a'", "size(1)", "!1", "-'a'", "[1].map(e)", "'a'.matches(1)",
      "y", "f(1)", "1 in 2",
      "'a'.b", "true && 1", "1.0 % 2.0", "-(5u)", "timestamp(true)", "duration(1)", "1 ? 2 : 3",
      "{}[0] + size()",
    ])
  func checks(_ source: String) {
    #expect(Self.outcome(source, checksTypes: true).hasPrefix("refused: "))
  }
}
