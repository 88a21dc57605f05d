import Pipes
import Records
import Statistics

/// How many persons reached each step, who is still on the way, and how long each step took.
///
///     598 before    =    480 reached    +    3 open    +    115 dropped
///
/// A step is compared with the required step before it: an optional one is nobody's duty, so those
/// who left it out and went on are `skipped`.
struct FunnelTally: Sendable {
  private struct StepTally {
    /// Persons who reached at least this step.
    var reached = 0
    /// Persons who reached the required step before, nothing behind it, and who may still go on.
    var open = 0
    /// Of an optional step: persons who went on without it.
    var skipped = 0
    /// Seconds from the required step before.
    var seconds: Durations
    /// Their sum in milliseconds.
    var milliseconds: Int64 = 0
    /// The amounts of their events, by currency.
    var values: [[UInt8]: ValueTally] = [:]
  }

  private struct ValueTally {
    var count = 0
    var sum = DecimalSum()

    /// The mean, from the double that is nearest to the exact sum.
    var mean: Double? {
      var text: [UInt8] = []
      sum.append(to: &text)
      return Double(String(decoding: text, as: UTF8.self)).map { $0 / Double(count) }
    }
  }

  private var steps: [StepTally]
  /// How long they took, under `--times`.
  var times: ConversionTimes?
  /// Persons whom an excluded event took out.
  private var excluded = 0
  private let isOptional: [Bool]
  private let asOf: Moment?

  /// Nobody yet.
  ///
  /// - Parameter isFolded: whether memory is not to grow with the persons counted.
  init(_ definition: FunnelDefinition, asOf: Moment?, isFolded: Bool) {
    let empty = StepTally(seconds: Durations(isSketched: isFolded))
    steps = Array(repeating: empty, count: definition.steps.count)
    isOptional = definition.steps.indices.map { definition.optional.contains($0 + 1) }
    self.asOf = asOf
  }

  /// The number of persons who entered.
  var entered: Int { steps[0].reached }

  /// Counts one passage.
  ///
  /// - Parameter amounts: those of the events of its steps, empty where none are asked for.
  mutating func count(_ passage: Passage, _ amounts: [Facets.Amount?] = []) {
    times?.count(passage)
    guard !passage.isExcluded else {
      excluded += 1
      return
    }
    steps[0].reached += 1
    for (index, amount) in amounts.enumerated() {
      guard let amount else { continue }
      steps[index].values[amount.currency, default: ValueTally()].count += 1
      steps[index].values[amount.currency]?.sum.merge(amount.sum)
    }
    var last = 0
    for index in 1..<max(1, passage.level) {
      guard passage.times[index] != Passage.skipped else {
        steps[index].skipped += 1
        continue
      }
      steps[index].reached += 1
      // Where a grace lets steps change places, the later one may have come first.
      let milliseconds = max(0, passage.times[index] - passage.times[last])
      steps[index].milliseconds += milliseconds
      steps[index].seconds.update(Double(milliseconds) / 1000)
      if !isOptional[index] { last = index }
    }
    guard passage.level < steps.count, let asOf, passage.isOpen(at: asOf.milliseconds) else {
      return
    }
    // Still open are the next required step and the optional ones in front of it.
    for index in passage.level..<steps.count {
      steps[index].open += 1
      if !isOptional[index] { break }
    }
  }

  /// Adds the persons of another tally.
  mutating func merge(_ other: FunnelTally) {
    excluded += other.excluded
    if let others = other.times { times?.merge(others) }
    for index in steps.indices {
      steps[index].reached += other.steps[index].reached
      steps[index].open += other.steps[index].open
      steps[index].skipped += other.steps[index].skipped
      steps[index].milliseconds += other.steps[index].milliseconds
      steps[index].seconds.merge(other.steps[index].seconds)
      for (currency, value) in other.steps[index].values {
        steps[index].values[currency, default: ValueTally()].count += value.count
        steps[index].values[currency]?.sum.merge(value.sum)
      }
    }
  }

  /// Writes one `funnel.step` record a step.
  func report(
    _ definition: FunnelDefinition, group: UInt32?, _ breakdown: Breakdown,
    into output: inout Output
  ) {
    let weakest = weakestStep
    for index in steps.indices {
      output.report("funnel.step") { writer in
        writer.field("step", index + 1)
        writer.field("name", definition.name(index + 1))
        if isOptional[index] { writer.field("optional", true) }
        write(index, definition.counting, to: &writer)
        if definition.counting.value != nil { writeValues(steps[index], to: &writer) }
        if index == 0, !definition.exclusions.isEmpty { writer.field("excluded", excluded) }
        breakdown.write(group, to: &writer)
        if index == weakest { writer.field("weakest", true) }
      }
    }
  }

  /// Writes the exact sum of the amounts and their mean, each currency by itself.
  private func writeValues(_ step: StepTally, to writer: inout RecordWriter) {
    let values = step.values.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    writer.array("value") { writer in
      for (currency, value) in values {
        writer.element { writer in
          let code = String(decoding: currency, as: UTF8.self)
          writer.field("currency", code.isEmpty ? nil : code)
          writer.field("count", value.count)
          writer.field("sum", value.sum)
          writer.field("mean", value.mean)
        }
      }
    }
  }

  private func write(
    _ index: Int, _ counting: FunnelCounting, to writer: inout RecordWriter
  ) {
    let step = steps[index]
    let unit = counting.unit
    writer.field(unit == .totals ? "entries" : unit.rawValue, step.reached)
    guard index > 0 else { return writeEntry(step, to: &writer) }
    let before = steps[requiredStep(before: index)].reached
    writer.field("open", step.open)
    writer.field("dropped", before - step.reached - step.skipped - step.open)
    if isOptional[index] { writer.field("skipped", step.skipped) }
    let isSequential = counting.isSequential
    writer.rate(
      "fromPrevious", Rate(numerator: step.reached, denominator: before),
      isSequential: isSequential)
    writer.rate(
      "overall", Rate(numerator: step.reached, denominator: entered), isSequential: isSequential)
    let quantiles = step.seconds.quantiles([0.5, 0.9])
    let mean =
      step.reached == 0 ? nil : Double(step.milliseconds) / Double(step.reached) / 1000
    writer.field("meanSeconds", mean)
    writer.field("medianSeconds", quantiles?[0])
    writer.field("p90Seconds", quantiles?[1])
    if let error = step.seconds.relativeError { writer.field("quantileError", error) }
  }

  /// The index of the required step before another one; the first step is required.
  private func requiredStep(before index: Int) -> Int {
    var before = index - 1
    while isOptional[before] { before -= 1 }
    return before
  }

  /// Writes the fields of the first step, which nothing comes before.
  ///
  /// All who entered have entered: that share is no estimate, so its interval is a point.
  private func writeEntry(_ step: StepTally, to writer: inout RecordWriter) {
    writer.null("open")
    writer.null("dropped")
    writer.null("fromPrevious")
    if step.reached > 0 {
      writer.object("overall") { writer in
        writer.field("numerator", step.reached)
        writer.field("denominator", step.reached)
        writer.field("value", 1)
        writer.field("low", 1)
        writer.field("high", 1)
      }
    } else {
      writer.null("overall")
    }
    for name in ["meanSeconds", "medianSeconds", "p90Seconds"] { writer.null(name) }
  }

  /// The required step that the smallest share of those before it reached; the first of equals.
  private var weakestStep: Int? {
    let candidates = steps.indices.dropFirst().filter { index in
      !isOptional[index] && steps[requiredStep(before: index)].reached > 0
    }
    return candidates.min { left, right in
      steps[left].reached * steps[requiredStep(before: right)].reached
        < steps[right].reached * steps[requiredStep(before: left)].reached
    }
  }
}
