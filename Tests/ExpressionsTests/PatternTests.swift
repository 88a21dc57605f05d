import Records
import Testing

@testable import Expressions

/// Regular expressions: the syntax of RE2, its documentation line by line.
@Suite("Patterns")
struct PatternTests {
  /// Whether a pattern stands in a text, by the table and without it, which must agree.
  static func isFound(_ pattern: String, _ text: String) throws -> Bool {
    let bytes = Array(text.utf8)
    var answers: Set<Bool> = []
    for isForOnce in [false, true] {
      let compiled = try Pattern(Array(pattern.utf8), isForOnce: isForOnce)
      var frame = Frame(EventPlace(start: 0, end: 0, base: 0, time: .distantPast))
      answers.insert(try compiled.isFound(in: bytes.span, from: 0, to: bytes.count, &frame))
    }
    #expect(answers.count == 1, "\(pattern) in \(text)")
    return answers.contains(true)
  }

  @Test(
    "stand in texts and do not stand in others",
    arguments: [
      // Single characters.
      (".", ["a", "é", "😀"], ["", "\n"]), ("(?s).", ["\n"], [""]),
      ("[xyz]", ["ay"], ["a"]), ("[^xyz]", ["a", "\n"], ["x", ""]),
      (#"\d"#, ["7"], ["a", "٣"]), (#"\D"#, ["a", "٣"], ["7"]),
      ("[[:alpha:]]", ["a"], ["1", "é"]), ("[[:^alpha:]]", ["1"], ["a"]),
      (#"\pN"#, ["7", "٣", "Ⅳ"], ["a"]), (#"\p{Greek}"#, ["α"], ["a"]),
      (#"\PN"#, ["a"], ["7"]), (#"\P{Greek}"#, ["a"], ["α"]), (#"\p{^Greek}"#, ["a"], ["α"]),
      // Composites and repetitions.
      ("xy", ["axyb"], ["yx"]), ("x|y", ["y"], ["z"]), ("^x*$", ["", "xx"], ["y"]),
      ("^x+$", ["xx"], [""]), ("^x?$", ["", "x"], ["xx"]),
      ("^x{2,3}$", ["xx", "xxx"], ["x", "xxxx"]),
      ("^x{2,}$", ["xx", "xxxxx"], ["x"]), ("^x{2}$", ["xx"], ["x", "xxx"]),
      ("^x*?$", ["xx"], ["y"]), ("^x{0}$", [""], ["x"]), ("^x{2,3}?$", ["xx"], ["x"]),
      ("x{,2}", ["x{,2}"], ["xx"]), ("x{", ["x{"], ["x"]), ("x{a}", ["x{a}"], ["xa"]),
      // Groups and flags.
      ("^(ab)+$", ["abab"], ["aba"]), ("^(?:ab)+$", ["abab"], ["aba"]),
      ("(?P<name>a)", ["a"], ["b"]), ("(?<name>a)", ["a"], ["b"]),
      ("(?P<n>a)(?P<m>b)", ["ab"], ["a"]),
      ("(?i)straSSe", ["STRASSE", "straſſe"], ["straße"]), ("(?i)k", ["\u{212A}"], ["x"]),
      ("(?i:a)b", ["Ab"], ["AB"]), ("(?i)a(?-i)b", ["Ab"], ["AB"]),
      ("a(?i)b|c", ["aB", "C"], ["A"]),
      ("(?i)[^k]", ["x"], ["k", "K", "\u{212A}"]), ("(?i)σ", ["ς", "Σ"], ["s"]),
      ("(?i)ß", ["ẞ"], ["ss"]), ("(?i)ı", ["ı"], ["I", "i"]), (#"(?i)\p{Lu}"#, ["a"], ["1"]),
      ("(?U)^a+$", ["aa"], ["b"]), ("(?ims-U)A.^b", ["a\nb"], ["ab"]),
      // Empty strings.
      ("^b", ["b"], ["a\nb"]), ("(?m)^b", ["a\nb"], ["ab"]), ("a$", ["a"], ["a\n"]),
      ("(?m)a$", ["a\nb"], ["ab"]), (#"(?m)\Ab"#, ["b"], ["a\nb"]), (#"(?m)a\z"#, ["a"], ["a\nb"]),
      (#"\bcat\b"#, ["the cat.", "cat"], ["cats", "concat", "cat_"]),
      (#"\Bcat"#, ["concat"], ["cat", "a cat"]), (#"\b"#, ["a"], ["", "é"]),
      (#"\B"#, ["", "é"], ["a"]),
      ("", ["", "a"], []), ("^$", [""], ["a"]), ("()", [""], []), ("a||b", [""], []),
      ("(^|,)x", ["x", "a,x"], ["ax"]), ("(?:$)a", [], ["a"]), (#"\b\B"#, [], ["a", ""]),
      // Escapes.
      (#"\a\f\t\n\r\v"#, ["\u{7}\u{C}\t\n\r\u{B}"], [""]), (#"\123"#, ["S"], ["123"]),
      (#"\x53"#, ["S"], ["x"]), (#"\x{1F600}"#, ["😀"], ["1"]), (#"\0"#, ["\0"], ["0"]),
      (#"\Q.*\E+"#, [".**"], [".", "a"]), (#"\Qa\\b\Ec"#, [#"a\bc"#], ["ab"]),
      (#"\Q("#, ["("], ["x"]),
      (#"\.\*\[\-\/\ "#, [".*[-/ "], [".*["]),
      // Classes in brackets.
      ("[a-c]", ["b"], ["d"]), ("[]a]", ["]", "a"], ["b"]), ("[^]a]", ["b"], ["]"]),
      ("[a-]", ["-"], ["b"]), ("[-a]", ["-"], ["b"]), ("[a-b-c]", ["-", "c"], ["d"]),
      (#"[\d\-x]"#, ["5", "-"], ["d"]), (#"[\pL\d]"#, ["é", "1"], ["-"]), (#"[^\D]"#, ["1"], ["a"]),
      ("[[:word:]]", ["_"], ["-"]), ("[[a]", ["["], ["]"]), (#"[\x{3b1}-\x{3c9}]"#, ["λ"], ["a"]),
      ("[é-ü]", ["ö"], ["o"]), (#"[\n]"#, ["\n"], ["n"]), ("[[:space:]]", ["\u{B}"], ["a"]),
      (#"\s"#, [" ", "\u{C}"], ["\u{B}", "\u{A0}"]), (#"\w"#, ["_"], ["é"]), (#"\W"#, ["é"], ["a"]),
      // Of the standard's tests.
      ("gr(a|e)y", ["grey"], ["gry"]), ("(a|😀){2}", ["🐱😀😀"], ["😀b😀"]),
      ("a+ñ+a+", ["mañana"], ["manana"]),
      (#"\_"#, ["_"], ["a"]), ("^a(?i)+$", ["aa"], ["A"]), ("ba(na)*", ["banana"], ["bna"]),
    ] as [(String, [String], [String])])
  func syntax(_ pattern: String, _ found: [String], _ missed: [String]) throws {
    for text in found { #expect(try Self.isFound(pattern, text), "\(text)") }
    for text in missed { #expect(try !Self.isFound(pattern, text), "\(text)") }
  }

  @Test(
    "what RE2 refuses is refused, at its place",
    arguments: [
      ("(", 0, "this '(' is never closed"), ("a)", 1, "this ')' closes nothing"),
      ("a[b", 1, "this '[' is never closed"), ("[z-a]", 1, "this range goes backwards"),
      ("*a", 0, "there is nothing for this to repeat"),
      ("a|+", 2, "there is nothing for this to repeat"),
      ("({2})", 1, "there is nothing for this to repeat"),
      ("a**", 2, "a repetition cannot be repeated: put it in parentheses"),
      ("a++", 2, "a repetition cannot be repeated: put it in parentheses"),
      ("a{1001}", 1, "a repetition goes to 1000 at most"),
      ("a{3,2}", 1, "the bounds of the repetition are the wrong way round"),
      ("(a{100}){11}", 8, "a repetition goes to 1000, those around it counted in"),
      ("\\", 0, "the pattern ends in a backslash"), ("\\y", 0, #"a pattern has no escape '\y'"#),
      ("\\é", 0, #"a pattern has no escape '\é'"#), ("\\C", 0, #"a pattern has no escape '\C'"#),
      ("\\Z", 0, #"a pattern has no escape '\Z'"#),
      ("[a-\\d]", 3, #"a pattern has no escape '\d'"#),
      ("\\x{110000}", 0, #"a code point in hexadecimal is \x7F or \x{10FFFF}"#),
      ("\\xG", 0, #"a code point in hexadecimal is \x7F or \x{10FFFF}"#),
      ("(a)\\1", 3, "a pattern here cannot refer back to a group: it is searched in linear time"),
      ("(?P=a)", 1, "a pattern here cannot refer back to a group: it is searched in linear time"),
      ("(?<!a)", 1, "a pattern here cannot look ahead or behind: it is searched in linear time"),
      ("(?P<a b>x)", 1, "the name of a group is a word: (?P<name>…)"),
      ("(?P<n>a)(?P<n>b)", 9, "two groups are named 'n'"),
      ("(?x)a", 2, "a group begins with (, (?:, (?P<name> or flags of i, m, s, U: (?i)"),
      ("(?i-)a", 3, "a '-' without a flag behind it"),
      ("\\p{Nope}", 0, #"there is no class '\p{Nope}'"#),
      ("[[:foo:]]", 1, "there is no class '[:foo:]'"),
      ("\\pé", 0, #"there is no class '\p{é}'"#),
    ])
  func refusals(_ pattern: String, _ offset: Int, _ message: String) throws {
    let error = #expect(throws: PatternError.self) { try Pattern(Array(pattern.utf8)) }
    #expect(error?.offset == offset && error?.message == message)
  }

  @Test("a megabyte is searched in linear time, whatever the pattern")
  func linear() throws {
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
    let patterns = [
      "(a+)+b", "(a|aa)+$b", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)[^a]", "a{0,50}a{50}b", "(x+x+)+y",
      "^(([a-z])+.)+[A-Z]([a-z])+$",
    ]
    for pattern in patterns {
      let compiled = try Pattern(Array(pattern.utf8))
      #expect(compiled.hasTable, "\(pattern)")
      var frame = Frame(EventPlace(start: 0, end: 0, base: 0, time: .distantPast))
      let begin = ContinuousClock.now
      #expect(try !compiled.isFound(in: text.span, from: 0, to: text.count, &frame))
      // Some milliseconds where the library is optimised.
      #expect(ContinuousClock.now - begin < .seconds(3), "\(pattern)")
    }
  }

  /// Searches a text of so many copies of a piece, with another one behind it; gives the answer and the
  /// steps it took.
  static func search(
    _ pattern: Pattern, _ piece: String, _ count: Int, _ end: String = "",
    fuel: Int = Frame.fuelMax
  ) throws -> (isFound: Bool, steps: Int) {
    let text = Array(repeatElement(Array(piece.utf8), count: count).joined()) + Array(end.utf8)
    var frame = Frame(EventPlace(start: 0, end: 0, base: 0, time: .distantPast))
    frame.fuel = fuel
    let isFound = try pattern.isFound(in: text.span, from: 0, to: text.count, &frame)
    return (isFound, fuel - frame.fuel)
  }

  @Test(
    "a pattern of many repetitions is searched for in long texts too, its states found once",
    arguments: [
      (".{999}b", "a", "b"), ("a{1000}b", "a", "b"), ("a{0,999}b", "ac", "b"),
      ("(a|b)*a(a|b){30}c", "a", "c"),
      ("x[a-z]{500}\\d", "a", String(repeating: "x", count: 501) + "7"),
      ("^(?:abc){300}d", "abc", "d"),
    ])
  func large(_ source: String, _ piece: String, _ end: String) throws {
    let pattern = try Pattern(Array(source.utf8))
    let count = source.hasPrefix("^") ? 300 : 200_000 / piece.utf8.count
    let first = try Self.search(pattern, piece, count)
    #expect(!first.isFound)
    #expect(try Self.search(pattern, piece, count, end).isFound)
    // Known states cost a look-up each: a step for 64 bytes.
    let again = try Self.search(pattern, piece, count)
    #expect(!again.isFound && again.steps <= count * piece.utf8.count / 64 + 64, "\(again)")
    #expect(first.steps < 200_000, "\(first)")
    // A pattern for one text answers the same.
    let once = try Pattern(Array(source.utf8), isForOnce: true)
    #expect(try !Self.search(once, piece, count).isFound)
    #expect(try Self.search(once, piece, count, end).isFound)
  }

  @Test("what is kept of states is bounded, and answers do not depend on it")
  func thrashing() throws {
    // Nearly each of these texts' places is a state of its own.
    var random = TestRandom(state: 5)
    let letters = (0..<12_000).map { _ in Bool.random(using: &random) ? "a" : "b" }.joined()
    let pattern = try Pattern(Array("a(a|b){300}c".utf8))
    let end = String(repeating: "a", count: 301)
    #expect(try !Self.search(pattern, letters, 1).isFound)
    #expect(try Self.search(pattern, letters, 1, end + "c").isFound)
    #expect(try Self.search(pattern, letters, 1).steps > 20_000)
    // No search goes on for ever: each visit of a place counts.
    #expect(throws: EvaluationError.tooCostly) {
      try Self.search(pattern, letters, 1, fuel: 2000)
    }
    for source in [String(repeating: "(", count: 5000), String(repeating: "(a", count: 300)] {
      #expect(throws: PatternError.self) { try Pattern(Array(source.utf8)) }
    }
    #expect(throws: PatternError.self) {
      try Pattern(Array("(?:abcdefghijklmnopqrstuvwxyz){999}".utf8))
    }
  }

  @Test("an event may give the pattern itself")
  func written() throws {
    let line =
      #"{"a":"grey\n","p":"gr(a|e)y$","m":"(?m)gr(a|e)y$","bad":"(","n":5,"long":"\u00e9\ud83d!"}"#
    let table = [
      ("a.matches(p)", "false"), ("a.matches(m)", "true"), ("matches(a, 'gr.y')", "true"),
      ("a.matches(bad)", "error badPattern"), ("n.matches('5')", "error noSuchOverload"),
      ("a.matches(n)", "error noSuchOverload"), ("missing.matches('a')", "error noValue"),
      ("long.matches('^é.!$')", "true"), ("a.matches(bad) || true", "true"),
    ]
    for (source, expected) in table {
      #expect(try outcome(source, of: line) == expected, "\(source)")
    }
  }
}
