import Foundation
import TestSupport
import Testing

/// Data that nobody of this project wrote.
@Suite struct DataTests {
  @Test(.enabled(if: Programs.hasShared("data/logs/apache_logs")))
  func accessLog() throws {
    let data = try Programs.sharedData("data/logs/apache_logs")
    let outcome = try Programs.run("parse", ["--from", "combined"], input: data)
    let addresses = try outcome.lines.map { line in
      (try object(line)["context"] as? [String: Any])?["ip"] as? String ?? ""
    }
    #expect(addresses.count == 9999)
    #expect(Set(addresses).count == 1753)
    #expect(outcome.errorText.contains("10000 lines read = 9999 used + 1 rejected + 0 duplicates"))
    let rejected = try rejections(["--from", "combined"], data)
    #expect(rejected.count == 1)
    #expect(rejected[0].hasSuffix("the user agent in quotes begins here and does not end"))
    #expect(rejected[0].hasPrefix("8899:1"))
  }

  @Test(.enabled(if: Programs.hasShared("data/events/segment_spec_events.ndjson")))
  func segmentMessages() throws {
    let data = try Programs.sharedData("data/events/segment_spec_events.ndjson")
    let outcome = try Programs.run("parse", [], input: data)
    #expect(
      outcome.errorText.contains("1637 lines read = 1412 used + 225 rejected + 0 duplicates"))
    #expect(try Programs.run("parse", [], input: outcome.output).output == outcome.output)
    let reasons = Dictionary(grouping: try rejections([], data)) { line in
      line.split(separator: ":", maxSplits: 2)[2].trimmingCharacters(in: .whitespaces)
    }.mapValues(\.count)
    #expect(
      reasons == [
        "no time": 158, "no event name": 30, "no event name: event is empty": 5,
        "no event name: event is no text": 4,
        "bad time: no time zone in it; --time-zone NAME says which is meant": 14,
        "bad time: neither RFC 3339 nor an epoch number nor a log date": 14,
      ])
    // What a message had, it has; of both ids neither is lost.
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    let both = try lines.filter { line in
      let message = try object(line)
      return hasId(message["userId"]) && hasId(message["anonymousId"])
    }
    #expect(both.count == 802)
    let kept = try outcome.lines.filter {
      Set(try object($0).keys).isSuperset(of: ["userId", "anonymousId"])
    }
    #expect(kept.count == 737)
  }

  private func hasId(_ value: Any?) -> Bool {
    if let text = value as? String { return !text.isEmpty }
    return value is NSNumber
  }

  @Test(.enabled(if: Programs.hasShared("data/shop/ecom_events.ndjson")))
  func shop() throws {
    let map = Programs.root.appendingPathComponent("examples/maps/ecom.json").path
    let data = try Programs.sharedData("data/shop/ecom_events.ndjson")
    let outcome = try Programs.run("parse", ["--map", map], input: data)
    #expect(outcome.lines.count == 31_106)
    #expect(
      outcome.lines[0].hasPrefix(
        #"{"event":"home","userId":"user_0000","timestamp":"2024-03-13T10:21:14.000Z","#))
  }

  /// The pieces in which the input arrives change nothing.
  @Test(.enabled(if: Programs.hasShared("data/events/segment_spec_events.ndjson")))
  func anySizeOfPieces() throws {
    let sources = [
      ("segment", "data/events/segment_spec_events.ndjson"), ("combined", "data/logs/apache_logs"),
    ]
    for (format, path) in sources where Programs.hasShared(path) {
      let head = try Programs.sharedData(path).prefix(300_000)
      let whole = try Programs.run("parse", ["--from", format], input: head)
      for size in [1, 4095, 1 << 20] {
        let fed = try Programs.shell(
          "dd bs=\(size) 2>/dev/null | parse --from \(format)", input: head)
        #expect(fed.output == whole.output, "\(format), \(size) bytes at a time")
        #expect(fed.errors == whole.errors)
      }
    }
  }
}
