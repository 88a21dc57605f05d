import Records
import TestSupport
import Testing

/// What a scanner has learnt of the lines before never changes what it says of a line.
@Suite("Speculation on the order of keys") struct SpeculationTests {
  /// Keys as they stand in a record, each with what it means; some differ in one place only.
  static let keys: [(raw: String, decoded: String)] =
    [
      "event", "userId", "userid", "timestamp", "Timestamp", "dimestamp", "anonymousId",
      "originalTimestamp", "originalTimestamq", "record", "", "a", "properties", "größe",
      "abcdefghijk", "abcdefghijkl", "abcdefghijklm", "abcdefghijklmn", "abcdefghijklmo",
      "abcdefghijklmnop", "abcdefghijklmnopqrstuvwxyz",
    ].map { ($0, $0) } + [
      (#"\u0065vent"#, "event"), (#"us\u0065rId"#, "userId"), (#"gr\u00f6\u00dfe"#, "größe"),
      (#"a\/b"#, "a/b"), (#"rec\u006frd"#, "record"),
    ]
  static let wanted = [
    "event", "userId", "timestamp", "anonymousId", "originalTimestamp", "größe", "abcdefghijklm",
    "abcdefghijklmn", "abcdefghijklmnop", "a/b", "",
  ]
  static let values = [
    "1", "-0.5e7", "true", "null", #""u1""#, #""a \"quoted\" word""#, #""Größe""#, "{}", "[]",
    #"{"event":"inner","deep":[{"userId":"}"},"]"]}"#, #"["a",["b",{}],null]"#, #""\\""#,
    #""a longer text, so that words of eight bytes are passed over""#,
  ]

  /// A record and what each wanted key stands for in it.
  private static func record(_ randomness: inout Randomness, _ order: [Int]) -> ([UInt8], Scanned) {
    var found = [String?](repeating: nil, count: wanted.count)
    var line = randomness.happens(5) ? " {" : "{"
    for (place, index) in order.enumerated() {
      let key = keys[index]
      let value = randomness.one(of: values)
      if place > 0 { line += randomness.happens(10) ? " , " : "," }
      line += "\"\(key.raw)\""
      line += randomness.happens(10) ? " : " : ":"
      line += value
      if let slot = wanted.firstIndex(of: key.decoded) { found[slot] = value }
    }
    line += randomness.happens(10) ? " }\r" : "}"
    let isReport = order.first.map { keys[$0].decoded == "record" } ?? false
    return (Array(line.utf8), .record(found, isReport: isReport))
  }

  /// Mostly the order of the line before, sometimes changed a little, sometimes all new.
  private static func change(_ order: inout [Int], _ randomness: inout Randomness) {
    switch randomness.number(0...9) {
    case 0:
      order = (0..<randomness.number(0...9)).map { _ in randomness.number(0...keys.count - 1) }
    case 1 where order.count > 1:
      order.swapAt(randomness.number(0...order.count - 1), randomness.number(0...order.count - 1))
    case 2 where !order.isEmpty: order.remove(at: randomness.number(0...order.count - 1))
    case 3:
      order.insert(randomness.number(0...keys.count - 1), at: randomness.number(0...order.count))
    case 4 where !order.isEmpty:
      order[randomness.number(0...order.count - 1)] = randomness.number(0...keys.count - 1)
    default: break
    }
  }

  @Test(
    "one scanner over many records says what a fresh one says, and what is there",
    arguments: [1, 2, 3])
  func wholeLines(_ seed: UInt64) {
    for check in Check.allCases {
      var randomness = Randomness(seed: seed)
      var order: [Int] = []
      var scanner = LineScanner(Self.wanted, check: check)
      for _ in 0..<1000 {
        Self.change(&order, &randomness)
        let (line, expected) = Self.record(&randomness, order)
        let before = randomness.happens(20) ? line + [ASCII.newline] : []
        let scanned = scanner.scan(line, behind: before)
        guard scanned == expected else {
          Issue.record("\(String(decoding: line, as: UTF8.self)) gave \(scanned), not \(expected)")
          return
        }
      }
    }
  }

  @Test("so it does with damaged lines between them", arguments: [4, 5, 6])
  func damagedLines(_ seed: UInt64) {
    let bytes = Array("\"\\{}[]:, \t0aet".utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xFF]
    for check in Check.allCases {
      var randomness = Randomness(seed: seed)
      var order: [Int] = []
      var scanner = LineScanner(Self.wanted, check: check)
      for _ in 0..<1000 {
        Self.change(&order, &randomness)
        var (line, _) = Self.record(&randomness, order)
        if randomness.happens(50) {
          let place = randomness.number(0...line.count - 1)
          switch randomness.number(0...3) {
          case 0: line[place] ^= 1 << UInt8(randomness.number(0...7))
          case 1: line[place] = randomness.one(of: bytes)
          case 2: line.remove(at: place)
          default: line.removeLast(place)
          }
          line.removeAll { $0 == ASCII.newline }
        }
        var fresh = LineScanner(Self.wanted, check: check)
        let (scanned, expected) = (scanner.scan(line), fresh.scan(line))
        guard scanned == expected else {
          Issue.record("\(String(decoding: line, as: UTF8.self)) gave \(scanned), not \(expected)")
          return
        }
      }
    }
  }
}
