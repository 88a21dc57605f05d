import Foundation
import TestSupport
import Testing

/// What the lines look like.
@Suite struct FormTests {
  @Test(arguments: ["events", "reordered", "segment", "combined"])
  func theSameOptionsGiveTheSameBytes(format: String) throws {
    let options = ["--persons", "300", "--format", format]
    let text = try Simulation(options).text
    #expect(try Simulation(options).text == text)
    #expect(try Simulation(options + ["--seed", "2"]).text != text)
  }

  /// The checksums must be equal on every machine: a difference means that some arithmetic is not.
  ///
  /// A change of the simulated world changes them too; then the new ones belong here.
  @Test(arguments: [
    ("events", 6_374_853_338_828_484_468 as UInt64), ("reordered", 6_780_672_169_591_956_295),
    ("segment", 13_310_234_230_962_077_878), ("combined", 1_686_037_497_622_142_738),
  ])
  func bytesAreThoseOfEveryMachine(format: String, checksum: UInt64) throws {
    let text = try Simulation([
      "--seed", "42", "--persons", "300", "--format", format, "--ties", "5", "--broken", "1",
      "--currencies", "EUR,USD",
    ]).text
    // FNV-1a, 64 bits.
    let sum = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { sum, byte in
      (sum ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    #expect(sum == checksum, "\(format) has the checksum \(sum)")
  }

  @Test(arguments: ["events", "reordered", "segment", "combined"], [1, 999, 6000])
  func eventsAreExactlySoMany(format: String, count: Int) throws {
    let options = ["--events", "\(count)", "--format", format]
    #expect(try Simulation(options + Simulation.clean).lines.count == count)
    let truth = try Simulation.truth("simulate.truth", options)
    #expect(truth["events"] as? Int == count)
    #expect(truth["lines"] as? Int == (try Simulation(options).lines.count))
  }

  @Test func canonicalEventsBeginAsParseWritesThem() throws {
    let pattern = try Regex(
      #"^\{"event":"[A-Z][A-Za-z ]+",("userId":"u[1-9][0-9]*",)?("anonymousId":"[0-9a-f]{16}",)?"#
        + #""timestamp":"2026-[0-9-]{5}T[0-9:]{8}\.[0-9]{3}Z","type":"(track|page|screen)","#
        + #""messageId":"[0-9a-f]{16}","channel":"(web|mobile|email|support|survey)","#
        + #""properties":\{.*\},"context":\{.*\}\}$"#)
    let lines = try Simulation(["--persons", "200"] + Simulation.clean).lines
    for line in lines {
      #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
      #expect(line.contains("\"userId\"") || line.contains("\"anonymousId\""))
    }
  }

  @Test func reorderedEventsAreTheSameWithNestedObjectsFirst() throws {
    let options = ["--persons", "300"] + Simulation.clean
    let canonical = try Simulation(options).lines
    let reordered = try Simulation(options + ["--format", "reordered"]).lines
    #expect(canonical.count == reordered.count)
    for (left, right) in zip(canonical, reordered) {
      #expect(right.hasPrefix("{\"context\":{"))
      #expect(left.utf8.count == right.utf8.count)
      let objects = (Simulation.object(left) ?? [:], Simulation.object(right) ?? [:])
      #expect(!objects.0.isEmpty && objects.0 as NSDictionary == objects.1 as NSDictionary)
    }
  }

  @Test func segmentMessagesAreTheSameEvents() throws {
    let options = ["--persons", "300"] + Simulation.clean
    let canonical = try Simulation(options).lines
    let segment = try Simulation(options + ["--format", "segment"]).lines
    #expect(canonical.count == segment.count)
    for (left, right) in zip(canonical, segment) {
      let event = try #require(Simulation.object(left))
      let message = try #require(Simulation.object(right))
      for key in ["userId", "anonymousId", "type", "messageId", "channel", "properties"] {
        #expect(event[key] as? NSObject == message[key] as? NSObject, "\(key) of \(right)")
      }
      #expect(event["timestamp"] as? String == message["originalTimestamp"] as? String)
      let isTrack = message["type"] as? String == "track"
      #expect(message["event"] as? String == (isTrack ? event["event"] as? String : nil))
      let times = ["originalTimestamp", "sentAt", "receivedAt"].compactMap {
        message[$0] as? String
      }
      #expect(times.count == 3 && times == times.sorted())
    }
  }

  @Test func requestsAreInTheCombinedFormat() throws {
    let pattern = try Regex(
      #"^[0-9]+(\.[0-9]+){3} - - \[[0-9]{2}/[A-Z][a-z]{2}/2026(:[0-9]{2}){3} \+0000\] "#
        + #""(GET|POST) /[^ "]* HTTP/1\.1" (200|404) [0-9]+ "[^"]+" "[^"]+"$"#)
    let lines = try Simulation(
      ["--persons", "200", "--format", "combined", "--broken", "0", "--bots", "5"]
    ).lines
    for line in lines { #expect(line.wholeMatch(of: pattern) != nil, "\(line)") }
    #expect(lines.contains { $0.contains("utm_source=google") })
    #expect(lines.contains { $0.contains("Googlebot") })
  }

  @Test func onlyBrokenLinesAreNoEvents() throws {
    let options = ["--persons", "2000", "--broken", "3"]
    let outcome = try Programs.run("simulate", options)
    let lines = outcome.output.split(separator: UInt8(ascii: "\n"))
    let good = lines.filter { line in
      guard String(data: line, encoding: .utf8) != nil,
        let object = try? JSONSerialization.jsonObject(with: line) as? [String: Any],
        let time = object["timestamp"] as? String
      else { return false }
      return Simulation.seconds(time) != nil
    }
    let truth = try Simulation.truth("simulate.truth", options)
    #expect(truth["broken"] as? Int == lines.count - good.count)
    #expect(truth["lines"] as? Int == lines.count)
    #expect(isWithinFourErrors(lines.count - good.count, of: good.count, probability: 0.03))
  }

  @Test func eventsHaveSome340Bytes() throws {
    let simulation = try Simulation(["--events", "20000"] + Simulation.clean)
    let mean = Double(simulation.text.utf8.count) / 20_000
    #expect(mean > 320 && mean < 360, "\(mean) bytes an event")
  }
}
