import TestSupport
import Testing

/// How buyers are told apart by recency, frequency and money, as options ask for it.
@Suite("Options of RFM") struct RFMOptionTests {
  private func codes(_ options: [String], _ lines: [String]) throws -> [String] {
    let written = try score(options, over: lines)
    #expect(written.status == 0, "\(written.errorText)")
    return written.records("score").compactMap { $0["rfm"] as? String }
  }

  /// Five who bought once, on days of their own, for the same money.
  private static let once = (1...5).map { order("u\($0)", "2026-03-0\($0)", "10") }

  @Test(
    "Equal values are in the fifth that is asked for, and split ones in the order of ids",
    arguments: [
      ("middle", ["133", "233", "333", "433", "533"]),
      ("low", ["111", "211", "311", "411", "511"]),
      ("high", ["155", "255", "355", "455", "555"]),
      ("split", ["111", "222", "333", "444", "555"]),
    ])
  func ties(_ how: String, _ expected: [String]) throws {
    #expect(try codes(["--rfm-ties", how], Self.once) == expected)
    #expect(try codes(["--rfm-ties", how], Self.once.reversed()) == expected)
  }

  @Test("The middle is the default")
  func usual() throws {
    #expect(try codes([], Self.once) == codes(["--rfm-ties", "middle"], Self.once))
  }

  /// Ten buyers, two a day, the second of a day with twice the money of all others.
  @Test("Nested ranks are those among buyers of the same recency")
  func nested() throws {
    let lines = (0..<5).flatMap { day in
      [
        order("a\(day)", "2026-03-0\(day + 1)", "\(day + 1)"),
        order("b\(day)", "2026-03-0\(day + 1)", "\(day + 10)"),
      ]
    }
    // Money 1…5 of the a's are the lowest five of ten, 10…14 of the b's the highest five.
    let alone = try codes([], lines)
    #expect(alone.map(\.last) == ["1", "1", "2", "2", "3", "3", "4", "4", "5", "5"])
    // Of two, the lower is at 5 × 1 ÷ 4 and the higher at 5 × 3 ÷ 4.
    let nested = try codes(["--rfm-nested"], lines)
    #expect(nested.map(\.last) == Array(repeating: "2", count: 5) + Array(repeating: "4", count: 5))
    #expect(nested.map(\.first) == alone.map(\.first))
  }

  @Test("Cuts of one's own say the same whoever else buys, as of a day")
  func cuts() throws {
    let options = [
      "--recency-cuts", "1,3,5,9", "--frequency-cuts", "2,3,4,5", "--monetary-cuts",
      "10,20,30.5,40",
    ]
    let lines = [
      order("u1", "2026-03-09", "30.5"), order("u2", "2026-03-01", "5"),
      order("u2", "2026-03-07", "4.99"), order("u3", "2026-02-01", "40"),
    ]
    let asOf = ["--as-of", "2026-03-10"]
    // u1: a day ago, once, 30.5; u2: 3 days ago, twice, 9.99; u3: long ago, once, 40.
    #expect(try codes(options + asOf, lines) == ["514", "421", "115"])
    #expect(try codes(options + ["--as-of", "2026-03-13"], lines) == ["314", "221", "115"])
    #expect(try codes(options + asOf, Array(lines.prefix(1))) == ["514"])
    let groups = try score(options + asOf, over: lines).records("score")
      .compactMap { $0["rfmGroup"] as? String }
    #expect(groups == ["Potential loyalist", "New", "Hibernating"])
  }

  @Test(
    "Options that do not fit are refused",
    arguments: [
      ["--rfm-ties", "first"], ["--recency-cuts", "1,2,3"], ["--frequency-cuts", "1,2,2,3"],
      ["--monetary-cuts", "1,2,3,x"],
    ])
  func usage(_ arguments: [String]) throws {
    #expect(try score(arguments, over: []).status == 64)
  }
}
