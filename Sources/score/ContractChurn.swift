import Expressions
import Pipes
import Records
import Statistics

/// How long contracts last, and how likely each that runs ends soon: Kaplan and Meier's estimate.
///
///     start ─────────── end            a contract that ended after so many days
///     start ─────────────────── asOf   one that runs: it lasts longer than that, nobody knows how much
///
/// Leaving out those that run, or taking them for ended, makes contracts look shorter than they are. A
/// start while one runs renews it; who comes back begins another one.
struct ContractChurn: Sendable {
  /// What is known of a person's latest contract.
  private enum Status: Sendable {
    case ended
    /// Running for so many days.
    case runs(Int)
  }

  /// What happened to contracts on a day.
  private struct Day {
    let number: Int
    var begins = false
    var ends = false
  }

  private static let stepDays = 30

  private let setting: ContractSetting
  private var survival = KaplanMeier()
  private var statuses: [UInt32: Status] = [:]
  private var endedCount = 0
  private var curve: SurvivalCurve?

  /// The contracts of some persons as of a day.
  init(
    _ persons: [UInt32], _ behaviours: Behaviours, _ census: borrowing Census,
    _ setting: ContractSetting, asOf day: Int
  ) {
    self.setting = setting
    let kinds = (0..<UInt32(behaviours.count)).map { behaviours.meaning($0)?.kind }
    for person in persons {
      var days: [Day] = []
      census.forEachNumber(of: person) { number in
        behaviours.days.forEach(of: number) { row in
          switch kinds[Int(row.kind)] {
          case .contractStart: days.append(Day(number: Int(row.day), begins: true))
          case .contractEnd: days.append(Day(number: Int(row.day), ends: true))
          default: break
          }
        }
      }
      statuses[person] = status(Self.merged(days), asOf: day)
    }
    curve = survival.curve()
  }

  /// The days in their order, each once.
  private static func merged(_ days: [Day]) -> [Day] {
    var merged: [Day] = []
    for day in days.sorted(by: { $0.number < $1.number }) {
      guard let last = merged.last, last.number == day.number else {
        merged.append(day)
        continue
      }
      merged[merged.count - 1].begins = last.begins || day.begins
      merged[merged.count - 1].ends = last.ends || day.ends
    }
    return merged
  }

  /// Adds the contracts of a person; `nil` where there is none.
  ///
  /// On a day that has both, what runs ends and another begins; where nothing runs, what begins ends at
  /// once.
  private mutating func status(_ days: [Day], asOf now: Int) -> Status? {
    var start: Int?
    var hasEnded = false
    for day in days {
      if start == nil, day.begins { start = day.number }
      guard day.ends, let began = start else { continue }
      survival.update(Double(day.number - began), hasEvent: true)
      endedCount += 1
      hasEnded = true
      start = day.begins && began < day.number ? day.number : nil
    }
    guard let start else { return hasEnded ? .ended : nil }
    let age = max(0, now - start)
    survival.update(Double(age), hasEvent: false)
    return .runs(age)
  }

  /// Writes how long contracts last.
  func write(_ setting: ContractSetting, to writer: inout RecordWriter) {
    writer.field("begins", setting.start.source)
    writer.field("ends", setting.end.source)
    writer.field("contracts", survival.total)
    writer.field("ended", endedCount)
    writer.field("medianDays", curve?.median)
    writer.field("medianLow", curve?.medianInterval.low)
    writer.field("medianHigh", curve?.medianInterval.high)
    writer.field("medianReason", medianReason)
    writer.field("horizonDays", setting.horizonDays)
    writer.array("curve") { writer in
      guard let curve, let longest = survival.longest else { return }
      for days in stride(from: Self.stepDays, through: Int(longest), by: Self.stepDays) {
        let point = curve.point(at: Double(days))
        writer.element { writer in
          writer.field("days", days)
          writer.field("running", point?.share ?? 1)
          writer.field("low", point?.interval?.low)
          writer.field("high", point?.interval?.high)
        }
      }
    }
  }

  private var medianReason: String? {
    guard let curve else { return "there are no contracts" }
    return curve.median == nil
      ? "over half of the contracts have not ended as far as is known" : nil
  }

  /// Writes how long a person's contract runs, and how likely it ends within the horizon.
  func write(_ person: UInt32, to writer: inout RecordWriter) {
    switch statuses[person] {
    case nil: write(nil, nil, "no contract", to: &writer)
    case .ended: write(nil, nil, "the contract has ended", to: &writer)
    case .runs(let days):
      let later = Double(days + setting.horizonDays)
      // Behind the longest contract the curve says nothing.
      guard let curve, let longest = survival.longest, later <= longest else {
        return write(days, nil, "no contract has run so long", to: &writer)
      }
      let now = curve.point(at: Double(days))?.share ?? 1
      guard now > 0 else { return write(days, nil, "no contract has run so long", to: &writer) }
      write(days, 1 - (curve.point(at: later)?.share ?? 1) / now, nil, to: &writer)
    }
  }

  private func write(
    _ days: Int?, _ risk: Double?, _ reason: String?, to writer: inout RecordWriter
  ) {
    if let days { writer.field("contractDays", days) } else { writer.null("contractDays") }
    writer.field("churnRisk", risk)
    writer.field("churnReason", reason)
  }
}
