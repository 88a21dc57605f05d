import Foundation
import Records
import TestSupport
import Testing

@testable import Pipes

/// What goes out: rejected lines as records, and breakdowns in their order.
@Suite("Output") struct OutputTests {
  private static func rejected(_ number: Int, _ text: [UInt8]) -> RejectedLine {
    RejectedLine(file: "-", number: number, offset: 10, column: 3, reason: "no time", text: text)
  }

  @Test("a rejected line is a record with its place, its reason and its bytes")
  func rejects() {
    var log = RejectLog(program: "sample", isWanted: true)
    log.add(Self.rejected(2, Array("{\"a\":\"é\"}".utf8)))
    log.add(Self.rejected(3, [0xFF]))
    log.add(Self.rejected(4, [0xFF, 0x00]))
    log.add(Self.rejected(5, [0xFF, 0x00, 0x61]))
    log.add(Self.rejected(6, []))
    func head(_ line: Int) -> String {
      #"{"record":"rejected","program":"sample","file":"-","line":\#(line),"offset":10,"column":3,"#
        + #""reason":"no time","#
    }
    #expect(
      String(decoding: log.takePending(), as: UTF8.self)
        == [
          head(2) + #""text":"{\"a\":\"é\"}"}"#, head(3) + #""textBase64":"/w=="}"#,
          head(4) + #""textBase64":"/wA="}"#, head(5) + #""textBase64":"/wBh"}"#,
          head(6) + #""text":""}"#,
        ].map { $0 + "\n" }.joined())
    #expect(log.takePending().isEmpty)
    #expect(
      log.summaries(of: 9) == [
        "5 of 9 lines rejected: line 2: no time; line 3: no time; line 4: no time; …"
      ])
  }

  @Test("bytes in base64 are read back the same by Foundation")
  func base64() throws {
    var randomness = Randomness(seed: 6)
    for length in 0...40 {
      let bytes = [0xFF] + (0..<length).map { _ in UInt8(randomness.number(0...255)) }
      var log = RejectLog(program: "sample", isWanted: true)
      log.add(Self.rejected(1, bytes))
      let record =
        try JSONSerialization.jsonObject(with: Data(log.takePending())) as? [String: Any]
      let text = try #require(record?["textBase64"] as? String)
      #expect(Data(base64Encoded: text) == Data(bytes))
    }
  }

  @Test("nothing rejected says nothing, and few say where all of them can be kept")
  func summaries() {
    var log = RejectLog(program: "sample", isWanted: false)
    #expect(log.summaries(of: 5).isEmpty)
    log.add(
      RejectedLine(file: "a.nd", number: 7, offset: 0, column: 1, reason: "bad time", text: []))
    #expect(
      log.summaries(of: 5)
        == ["1 of 5 lines rejected: a.nd line 7: bad time (--rejects FILE keeps them)"])
    log.add(
      RejectedLine(
        file: "-", number: 9, offset: 0, column: 1,
        reason: "later than --lateness 1h by 0.001 s", text: []),
      isLate: true)
    #expect(
      log.summaries(of: 9) == [
        "1 of 9 lines rejected: a.nd line 7: bad time (--rejects FILE keeps them)",
        "1 of 9 lines too late to count: line 9: later than --lateness 1h by 0.001 s"
          + " (--rejects FILE keeps them)",
      ])
    #expect(log.pending.isEmpty)
  }

  @Test("more rejected lines than wanted end the run with the place of the last")
  func limits() throws {
    var strict = Output(
      program: "sample", format: .json, keepsRejects: false, rejectsMax: 0, tableWidth: 80)
    #expect(throws: Failure(.badData, "standard input line 2, column 3: no time")) {
      try strict.reject(Self.rejected(2, []))
    }
    var some = Output(
      program: "sample", format: .json, keepsRejects: false, rejectsMax: 1, tableWidth: 80)
    try some.reject(Self.rejected(2, []))
    #expect(
      throws: Failure(
        .badData, "more than 1 lines rejected; the last is standard input line 3, column 3: no time"
      )
    ) {
      try some.reject(Self.rejected(3, []))
    }
  }

  @Test("values are ranked by their size, then by their bytes, and the smallest are folded")
  func ranking() {
    var breakdown = Breakdown(["plan"], limit: 3)
    let values = ["\"c\"", "\"b\"", "\"a\"", "null", "\"d\""].map { Array("\"plan\":\($0)".utf8) }
    let numbers = values.map { breakdown.number($0) }
    // Events without a value have a number before any came.
    #expect(numbers == [1, 2, 3, 0, 4])
    #expect(breakdown.number(values[3]) == Breakdown.missing)
    #expect(breakdown.ranked([0, 5, 7, 5, 1]).shown == [2, 3, 1])
    #expect(breakdown.ranked([0, 5, 7, 5, 1]).folded == [4])
    #expect(breakdown.ranked([0, 0, 0, 0, 0]).shown == [])
    var writer = RecordWriter()
    writer.open(record: "r")
    breakdown.write(2, to: &writer)
    breakdown.write(nil, to: &writer)
    writer.close()
    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == #"{"record":"r","by":{"plan":"b"},"by":"(other)"}"# + "\n")
  }

  @Test("without a breakdown there is one group and nothing is written of it")
  func noBreakdown() {
    let breakdown = Breakdown([], limit: 1000)
    #expect(breakdown.count == 1)
    var writer = RecordWriter()
    writer.open(record: "r")
    breakdown.write(0, to: &writer)
    writer.close()
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "{\"record\":\"r\"}\n")
  }
}
