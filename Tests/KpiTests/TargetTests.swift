import Foundation
import TestSupport
import Testing

/// Targets: reached, on track, off track, and how likely.
@Suite struct TargetTests {
  /// Runs with targets over purchases of so much a month, from January 2026 on.
  private func targets(
    _ file: String, _ revenues: [Int], _ options: String = "--metrics revenue"
  ) throws -> Outcome {
    var stream = Stream()
    for (index, revenue) in revenues.enumerated() {
      stream.add(
        "Order Completed", String(format: "%02d-15", index + 1),
        "\"revenue\":\(revenue),\"currency\":\"EUR\"")
    }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-targets-\(UUID().uuidString).json")
    try Data(file.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    return try Programs.shell(
      "cd '\(path.deletingLastPathComponent().path)'"
        + " && kpi --targets \(path.lastPathComponent) \(options)", input: Data(stream.text.utf8))
  }

  /// Revenues of months, a target, the month it is for, and what is said of it.
  @Test(
    "reached, on track, off track",
    arguments: [
      // The last month is not over: those before count.
      ([100, 110, 120, 130, 1], 120.0, "2026-12-31", "reached", 210.0, 1.0),
      ([100, 110, 120, 130, 1], 200, "2026-12-31", "on track", 210, 1),
      ([100, 110, 120, 130, 1], 220, "2026-12-31", "off track", 210, 0),
      ([100, 110, 120, 130, 1], 140, "2026-03-31", "off track", 120, 0),
      ([100, 110, 120, 130, 1], 120, "2026-03-31", "reached", 120, 1),
      // 100, 120, 110 of months 0 to 2: a line of slope 5, in month 11 at 160. Residual sum 150, one degree
      // of freedom, factor 1 + 1/3 + 100/2: the error is 87.75; Student's at (160 - 150) / 87.75.
      ([100, 120, 110, 1], 150, "2026-12-31", "on track", 160, 0.536119),
    ])
  func outlook(
    revenues: [Int], target: Double, due: String, status: String, projected: Double,
    probability: Double
  ) throws {
    let outcome = try targets(
      "{\"metric\":\"revenue\",\"target\":\(target),\"by\":\"\(due)\",\"benchmark\":90}", revenues)
    let record = try #require(outcome.records("kpi.target").first, "\(outcome.errorText)")
    #expect(record["status"] as? String == status)
    #expect(isNear(record, "projected", projected, 1e-9))
    #expect(isNear(record, "probability", probability, 1e-5))
    #expect(record["due"] as? String == due)
    #expect(isNear(record, "toBenchmark", (record["value"] as? Double ?? 0) - 90, 1e-9))
    // The metric itself says what it is to be.
    #expect(outcome.records("kpi").allSatisfy { $0["target"] as? Double == target })
  }

  @Test("less is better where the metric says so, and no target is said")
  func lower() throws {
    let file = #"""
      {"targets":[{"metric":"churnRate","target":0.9,"by":"2026-12-31"},
        {"metric":"revenue","target":50,"by":"2026-12-31","better":"lower"}]}
      """#
    let outcome = try targets(file, [100, 100, 1], "--metrics churnRate,revenue,visitors")
    let records = outcome.records("kpi.target")
    // Each purchase is of another person: all are lost.
    #expect(records.map { $0["status"] as? String } == ["off track", "off track"])
    #expect(records.map { $0["metric"] as? String } == ["churnRate", "revenue"])
    #expect(
      outcome.records("kpi").filter { $0["metric"] as? String == "visitors" }
        .allSatisfy { $0["target"] is NSNull })
  }

  @Test("with less than three periods the interval tells the chance")
  func fewPeriods() throws {
    var stream = Stream()
    stream.add("Survey Answered", "01-10", count: 50, #""score":10"#)
    stream.add("Survey Answered", "01-10", count: 30, #""score":8"#)
    stream.add("Survey Answered", "01-10", count: 20, #""score":1"#)
    stream.add("Page Viewed", "02-10")
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-targets-\(UUID().uuidString).json")
    try Data(#"{"metric":"nps","target":30,"by":"2026-12-31"}"#.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    let outcome = try stream.run(["--metrics", "nps", "--targets", path.path])
    let record = try #require(outcome.records("kpi.target").first)
    #expect(record["status"] as? String == "reached")
    #expect(record["period"] as? String == "2026-01")
    #expect(isNear(record, "probability", 0.5, 1e-12))
  }

  @Test(
    "what is wrong in a file of targets is told with its place",
    arguments: [
      (
        #"{"metric":"revenu","target":1,"by":"2026-01-01"}"#,
        ":1:11: there is no metric 'revenu' in this report; did you mean 'revenue'?"
      ),
      (
        #"{"metric":"revenue","by":"2026-01-01"}"#,
        "a target needs \"metric\", \"target\" and \"by\""
      ),
      (
        #"{"metric":"revenue","target":1,"by":"31.12.2026"}"#,
        ":1:37: a date is like 2026-12-31, not '31.12.2026'"
      ),
      (#"{"targets":[]}"#, "a file of targets is"),
      (#"{"target":[]}"#, "did you mean 'targets'?"),
    ])
  func refuses(file: String, message: String) throws {
    let outcome = try targets(file, [1])
    #expect(outcome.status == 64)
    #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
  }
}
