import Pipes
import Records
import Statistics

/// How long persons take from each step to the next, and from the first to the last: the
/// `funnel.time` records.
///
///     converted    ├──────────● step reached                 counts with the time it took
///     open         ├────────────┤ asOf                       censored: watched so far, no further
///     dropped      ├─────────────────────┤ end of window     not within the window, and never will be
///
/// Who is still inside the window is neither a success nor a failure yet; Kaplan and Meier's curve
/// takes such persons for what they are. Where nobody is open, it comes down to the rate of
/// `funnel.step`.
/// Cost: 24 bytes a distinct duration of each leg, only while reporting.
struct ConversionTimes: Sendable {
  /// The way from one step to another.
  private struct Leg {
    let from: Int
    let to: Int
    var survival = KaplanMeier()
    var converted = 0
    var open = 0
    var milliseconds: Int64 = 0
  }

  private var legs: [Leg]
  private let definition: FunnelDefinition
  private let bins: HistogramBins?
  private let asOf: Moment?
  private let isSketched: Bool

  /// Nobody's times.
  ///
  /// - Parameter isSketched: whether durations are told within 1 %, so that there are few.
  init(_ definition: FunnelDefinition, asOf: Moment?, bins: HistogramBins?, isSketched: Bool) {
    let stepCount = definition.steps.count
    legs = (2...stepCount).map { to in
      var from = to - 1
      while definition.optional.contains(from) { from -= 1 }
      return Leg(from: from, to: to)
    }
    legs.append(Leg(from: 1, to: stepCount))
    (self.definition, self.asOf) = (definition, asOf)
    (self.bins, self.isSketched) = (bins, isSketched)
  }

  /// Counts a passage.
  mutating func count(_ passage: Passage) {
    guard !passage.isExcluded else { return }
    let isOpen = asOf.map { passage.isOpen(at: $0.milliseconds) } ?? false
    for index in legs.indices where passage.level >= legs[index].from {
      let (from, to) = (legs[index].from, legs[index].to)
      if passage.level >= to, passage.times[to - 1] != Passage.skipped {
        // Where a grace lets steps change places, the later one may have come first.
        let milliseconds = max(0, passage.times[to - 1] - passage.times[from - 1])
        legs[index].converted += 1
        legs[index].milliseconds += milliseconds
        watch(index, milliseconds, hasConverted: true)
      } else if isOpen, passage.level < to {
        legs[index].open += 1
        watch(index, watchedMilliseconds(passage, since: from), hasConverted: false)
      } else {
        watch(index, definition.windowMilliseconds, hasConverted: false)
      }
    }
  }

  /// How long the try that may still go on has been watched since it reached a step.
  ///
  /// That is the reported try or a later entry. Of a later one is known when it began, unless a window
  /// from step to step ends it; of its other steps nothing is, and so nothing is said: 0.
  private func watchedMilliseconds(_ passage: Passage, since step: Int) -> Int64 {
    guard let asOf, let end = passage.openUntil else { return 0 }
    var reportedEnd = passage.entry + definition.windowMilliseconds
    if let stepWindow = definition.stepWindowMilliseconds {
      reportedEnd = min(reportedEnd, passage.times[passage.level - 1] + stepWindow)
    }
    if end == reportedEnd { return asOf.milliseconds - passage.times[step - 1] }
    guard step == 1, definition.stepWindowMilliseconds == nil else { return 0 }
    return max(0, definition.windowMilliseconds - (end - asOf.milliseconds))
  }

  private mutating func watch(_ index: Int, _ milliseconds: Int64, hasConverted: Bool) {
    let seconds = Double(milliseconds) / 1000
    legs[index].survival.update(
      isSketched ? DDSketch.representative(of: seconds) : seconds, hasEvent: hasConverted)
  }

  /// Adds the persons of others.
  mutating func merge(_ other: ConversionTimes) {
    for index in legs.indices {
      legs[index].survival.merge(other.legs[index].survival)
      legs[index].converted += other.legs[index].converted
      legs[index].open += other.legs[index].open
      legs[index].milliseconds += other.legs[index].milliseconds
    }
  }

  /// Writes a `funnel.time` record for each leg, the whole way last.
  func report(group: UInt32?, _ breakdown: Breakdown, into output: inout Output) {
    for leg in legs {
      let curve = leg.survival.curve()
      output.report("funnel.time") { writer in
        writer.field("fromStep", leg.from)
        writer.field("toStep", leg.to)
        writer.field("from", definition.name(leg.from))
        writer.field("to", definition.name(leg.to))
        write(leg, curve, to: &writer)
        breakdown.write(group, to: &writer)
      }
    }
  }

  /// Writes the `funnel.bin` records of each leg, under `--bins`.
  func reportBins(group: UInt32?, _ breakdown: Breakdown, into output: inout Output) {
    guard let bins else { return }
    for leg in legs {
      guard let curve = leg.survival.curve() else { continue }
      for bin in bins.histogram(leg.survival.events) {
        output.report("funnel.bin") { writer in
          writer.field("fromStep", leg.from)
          writer.field("toStep", leg.to)
          writer.field("fromSeconds", bin.from)
          writer.field("toSeconds", bin.to)
          writer.field("persons", bin.count)
          writer.conversion(curve.point(at: bin.to))
          breakdown.write(group, to: &writer)
        }
      }
    }
  }

  private func write(_ leg: Leg, _ curve: SurvivalCurve?, to writer: inout RecordWriter) {
    writer.field("persons", leg.survival.total)
    writer.field("converted", leg.converted)
    writer.field("open", leg.open)
    if curve == nil { writer.null("conversion") } else { writer.conversion(curve?.points.last) }
    let seconds = Double(leg.milliseconds) / 1000
    writer.field("meanSeconds", leg.converted == 0 ? nil : seconds / Double(leg.converted))
    let interval = curve?.medianInterval
    writer.field("medianSeconds", curve?.median)
    writer.field("medianLowSeconds", interval?.low)
    writer.field("medianHighSeconds", interval?.high)
    writer.field("p25Seconds", curve?.duration(ofShare: 0.25))
    writer.field("p75Seconds", curve?.duration(ofShare: 0.75))
    writer.field("watchedSeconds", leg.survival.longest)
    if isSketched { writer.field("quantileError", DDSketch.relativeError) }
  }
}

extension RecordWriter {
  /// Writes the share who have converted by a point of the curve, with its log-log interval.
  ///
  ///     "conversion":{"value":0.62,"low":0.57,"high":0.66}
  ///
  /// Nobody has before the first point; there, and where everybody has, the curve gives no interval.
  fileprivate mutating func conversion(_ point: SurvivalCurve.Point?) {
    object("conversion") { writer in
      writer.field("value", point.map { 1 - $0.share } ?? 0)
      writer.field("low", point?.interval.map { 1 - $0.high })
      writer.field("high", point?.interval.map { 1 - $0.low })
    }
  }
}
