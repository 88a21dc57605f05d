import Foundation
import Records
import TestSupport
import Testing

/// What a reader has learnt of the records before never changes what it says of one.
@Suite("Reading whole records") struct RecordReaderTests {
  private static let paths = [
    ["event"], ["context"], ["context", "page"], ["context", "page", "url"], ["context", "ip"],
    ["properties"], ["properties", "url"], ["größe"],
  ]
  private static let keys = [
    "event", "context", "properties", "page", "url", "ip", "größe", "n", "originalTimestamp",
    #"\u0065vent"#, #"pag\u0065"#, "a key that is longer than three words", "",
  ]
  private static let scalars = [
    "1", "-0.5e7", "true", "null", #""u1""#, #""a \"quoted\" word""#, #""Größe""#, "{}", "[ ]",
    #"["a",{"url":"}"}]"#, #""sixteen bytes are compared at once, and these are more""#,
  ]

  private static func reader(_ check: Check) -> RecordReader {
    var wanted = WantedMembers()
    wanted.slot("event")
    wanted.slot("context")
    wanted.slot("context", "page")
    wanted.slot("context", "page", "url")
    wanted.slot("context", "ip")
    wanted.slot("properties")
    wanted.slot("properties", "url")
    wanted.slot("größe")
    return RecordReader(wanted, check: check)
  }

  /// A random object, and where the last of each of its members stands, as text.
  private static func object(_ randomness: inout Randomness, depth: Int) -> (String, [Pair]) {
    func blank() -> String { randomness.happens(5) ? " \t" : "" }
    var text = "{" + blank()
    var pairs: [Pair] = []
    for index in 0..<randomness.number(0...5) {
      let key = randomness.one(of: keys)
      var value = randomness.one(of: scalars)
      var inner: [Pair] = []
      if depth < 3, randomness.happens(40) {
        (value, inner) = object(&randomness, depth: depth + 1)
      }
      text += (index > 0 ? "," + blank() : "") + "\"\(key)\"" + blank() + ":" + blank()
      text += value + blank()
      let name = key.replacingOccurrences(of: #"\u0065"#, with: "e")
      pairs.append(Pair(key: name, value: value, inner: inner))
    }
    return (text + "}", pairs)
  }

  private struct Pair {
    let key: String
    let value: String
    let inner: [Pair]
  }

  /// What stands at the end of a path, the last of duplicate keys at each step.
  private static func value(_ path: ArraySlice<String>, _ pairs: [Pair]) -> String? {
    guard let key = path.first, let pair = pairs.last(where: { $0.key == key }) else { return nil }
    return path.count == 1 ? pair.value : value(path.dropFirst(), pair.inner)
  }

  @Test("one reader over many records says what is there", arguments: [1, 2, 3])
  func manyRecords(_ seed: UInt64) throws {
    for check in Check.allCases {
      var randomness = Randomness(seed: seed)
      var reader = Self.reader(check)
      for _ in 0..<3000 {
        let (line, pairs) = Self.object(&randomness, depth: 0)
        let bytes = padded(line + "\n")
        let scanned = try reader.read(bytes.span, from: 0)
        try reader.readObjects(in: bytes.span)
        #expect(scanned.end == line.utf8.count)
        #expect(reader.members.count == pairs.count)
        for (slot, path) in Self.paths.enumerated() {
          let field = reader.field(slot)
          let found = field.isPresent ? bytes.span.text(from: field.start, to: field.end) : nil
          guard found == Self.value(path[...], pairs) else {
            Issue.record("\(path) of \(line) is said to be \(found ?? "absent")")
            return
          }
        }
      }
    }
  }

  @Test("damaged records are faults at the same place for it and for a fresh one")
  func damagedRecords() {
    let damages = Array("\"\\{}[]:, \t0aet".utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xFF]
    for check in Check.allCases {
      var randomness = Randomness(seed: 7)
      var reader = Self.reader(check)
      for _ in 0..<5000 {
        var line = Array(Self.object(&randomness, depth: 0).0.utf8)
        line[randomness.number(0...line.count - 1)] = randomness.one(of: damages)
        let bytes = padded(line + [ASCII.newline])
        var fresh = Self.reader(check)
        let (one, other) = (Self.outcome(&reader, bytes), Self.outcome(&fresh, bytes))
        guard one == other else {
          Issue.record("\(String(decoding: line, as: UTF8.self)) gave \(one), not \(other)")
          return
        }
      }
    }
  }

  private static func outcome(_ reader: inout RecordReader, _ bytes: [UInt8]) -> String {
    do throws(ScanError) {
      let scanned = try reader.read(bytes.span, from: 0)
      try reader.readObjects(in: bytes.span)
      return "\(scanned) \(reader.fields) \(Array(reader.members.map(\.start)))"
    } catch { return "\(error)" }
  }
}
