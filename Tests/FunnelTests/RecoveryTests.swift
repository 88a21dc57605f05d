import Foundation
import TestSupport
import Testing

/// What `simulate` plants is in the 95 % intervals of `funnel` as often as it should be.
///
/// A small version of `Tests/differential/coverage.py`, which says what is true and of what, and runs
/// a thousand seeds. The seeds are fixed, and so is what comes out.
@Suite("Recovery of planted truth") struct RecoveryTests {
  private static let rates = [0.95, 0.9, 0.85]
  private static let means = [43_200.0, 86_400, 21_600]
  private static let odds = 0.4

  /// How many intervals held the truth.
  private struct Coverage {
    var held = 0
    var all = 0

    mutating func add(_ low: Any?, _ high: Any?, _ truth: Double) {
      // An interval of a median may have no end.
      held += (low as? Double ?? 0) <= truth && truth <= (high as? Double ?? .infinity) ? 1 : 0
      all += 1
    }

    /// Whether so many misses are usual where 95 % are to hold it.
    var isUsual: Bool {
      let misses = Double(all - held)
      let error = (0.95 * 0.05 * Double(all)).squareRoot()
      return abs(misses - 0.05 * Double(all)) <= 3.5 * error
    }
  }

  @Test("step rates, times and the driver before the payment")
  func recovered() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-recovery-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("events.ndjson").path
    var (rates, medians, drivers) = (Coverage(), Coverage(), Coverage())
    for seed in 1...20 {
      let world =
        "simulate --seed \(seed) --persons 700 --enter 100 --visits 1.2 --step-rates 95,90,85,80"
        + " --step-delays 12h,1d,6h,2h --shipping-odds \(Self.odds) --output \(file)"
      let funnel =
        "funnel --quiet --window 14d"
        + " --steps 'Product Viewed,Product Added,Checkout Started,Payment Info Entered'"
      let matured = try Programs.shell("\(world) && \(funnel) --matured \(file)")
      for (record, truth) in zip(matured.records("funnel.step").dropFirst(), Self.rates) {
        let rate = record["fromPrevious"] as? [String: Any]
        rates.add(rate?["low"], rate?["high"], truth)
      }
      // The first weeks alone, so that many are still on their way.
      let early = try Programs.shell("\(funnel) --times --until 2026-02-24 \(file)")
      for (index, record) in early.records("funnel.time").prefix(3).enumerated() {
        let truth = -Self.means[index] * log(1 - 0.5 / Self.rates[index])
        medians.add(record["medianLowSeconds"], record["medianHighSeconds"], truth)
      }
      let whole = try Programs.shell(
        "\(funnel) --drivers 9 --drivers-of properties.shipping \(file)")
      let driver = whole.records("funnel.driver").first { $0["value"] as? Double == 4.9 }
      drivers.add(driver?["low"], driver?["high"], Self.odds)
    }
    #expect(rates.all == 60 && medians.all == 60 && drivers.all == 20)
    #expect(rates.isUsual, "\(rates)")
    #expect(medians.isUsual, "\(medians)")
    #expect(drivers.isUsual, "\(drivers)")
  }
}
