import Foundation
import TestSupport
import Testing

@testable import Records

/// The full check against a second reader, and the limits of nesting.
@Suite("Validation") struct ValidationTests {
  private static func nested(_ open: String, _ close: String, _ levels: Int) -> String {
    "{\"v\":" + String(repeating: open, count: levels - 1) + "0"
      + String(repeating: close, count: levels - 1) + "}"
  }

  @Test(
    "512 levels of nesting are read and 513 are refused at every check",
    arguments: [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")])
  func depth(_ open: String, _ close: String) {
    let each = open.count { "[{".contains($0) }
    for check in Check.allCases {
      var scanner = LineScanner(["v"], check: check)
      let most = 1 + 511 / each
      if case .fault(let reason, _) = scanner.scan(Self.nested(open, close, most)) {
        Issue.record("\(check): \(reason)")
      }
      guard case .fault(.tooDeep, _) = scanner.scan(Self.nested(open, close, most + 1)) else {
        Issue.record("\(check): 513 levels were read")
        continue
      }
    }
  }

  @Test("a million levels cost no stack")
  func hostileDepth() {
    let line = Array("{\"v\":".utf8) + [UInt8](repeating: ASCII.openBracket, count: 1_000_000)
    for check in Check.allCases {
      var scanner = LineScanner(["v"], check: check)
      #expect(scanner.scan(line) == .fault(.tooDeep, column: 6 + 511), "\(check)")
    }
  }

  static let samples = [
    #"{"a":[1,-2.5e+10,true,false,null,"x\n\u00e9\\",{"b":{},"c":[]}],"d":"größe 😀"}"#,
    #"{"event":"Order Completed","properties":{"revenue":13.49,"items":[{"n":1},{"n":2}]}}"#,
    #"{ "k" : [ 0 , 0.1 , 10E2 , "" , [ [ ] ] ] , "":{"x":"\"\/\b\f\r\t"} }"#,
  ]
  static let bytes =
    Array("{}[]\",:\\/0123456789.eE+-utfnrb x'\t".utf8) + [
      0x01, 0x1F, 0x7F, 0x80, 0xBF, 0xC0, 0xC3, 0xE2, 0xED, 0xF0, 0xF5, 0xFF,
    ]

  private static func mutated(_ text: String, _ randomness: inout Randomness) -> [UInt8] {
    var line = Array(text.utf8)
    for _ in 0..<randomness.number(1...3) {
      let place = randomness.number(0...line.count - 1)
      switch randomness.number(0...4) {
      case 0: line[place] = randomness.one(of: bytes)
      case 1: line.insert(randomness.one(of: bytes), at: place)
      case 2 where line.count > 1: line.remove(at: place)
      case 3: line.swapAt(place, randomness.number(0...line.count - 1))
      default:
        let length = min(randomness.number(1...4), line.count - place)
        line.insert(contentsOf: line[place..<place + length], at: place)
      }
    }
    return line
  }

  /// Whether Foundation reads a line as an object, or what keeps it from being asked.
  private static func foundationReads(_ line: [UInt8]) -> Bool? {
    let text = String(decoding: line, as: UTF8.self)
    // Foundation refuses lone surrogates and numbers past the range of its own, and reads a comma
    // before the end of an object or array.
    if text.contains("\\ud") || text.contains("\\uD") { return nil }
    if text.contains(/,\s*[}\]]/) { return nil }
    guard String(validating: line, as: UTF8.self) != nil else { return false }
    do {
      return try JSONSerialization.jsonObject(with: Data(line)) is [String: Any]
    } catch {
      let message = "\((error as NSError).userInfo["NSDebugDescription"] ?? "")"
      return message.contains("Number") && message.contains("not representable") ? nil : false
    }
  }

  @Test("a damaged record is read exactly where Foundation reads it", arguments: [1, 2, 3])
  func mutations(_ seed: UInt64) {
    var randomness = Randomness(seed: seed)
    var readCount = 0
    for _ in 0..<3000 {
      let line = Self.mutated(randomness.one(of: Self.samples), &randomness)
      guard !line.contains(ASCII.newline), let expected = Self.foundationReads(line) else {
        continue
      }
      var scanner = LineScanner(["a"], check: .full)
      var isRead = false
      if case .record = scanner.scan(line) { isRead = true }
      readCount += isRead ? 1 : 0
      if isRead != expected {
        Issue.record("\(String(decoding: line, as: UTF8.self)): read \(isRead), not \(expected)")
      }
    }
    #expect(readCount > 150)
  }
}
