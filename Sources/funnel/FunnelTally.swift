import Pipes
import Records
import Statistics

/// How many persons reached each step, who is still on the way, and how long each step took.
struct FunnelTally: Sendable {
  private struct StepTally {
    /// Persons who reached at least this step.
    var reached = 0
    /// Persons who reached the step before, not this one, and whose window has not closed.
    var open = 0
    /// Seconds from the step before.
    var seconds: StepSeconds
    /// Their sum in milliseconds.
    var milliseconds: Int64 = 0
  }

  private var steps: [StepTally]
  private let windowMilliseconds: Int64
  private let asOf: Moment?

  /// Nobody yet.
  ///
  /// - Parameter isFolded: whether memory is not to grow with the persons counted.
  init(stepCount: Int, windowMilliseconds: Int64, asOf: Moment?, isFolded: Bool) {
    let empty = StepTally(seconds: StepSeconds(isSketched: isFolded))
    steps = Array(repeating: empty, count: stepCount)
    self.windowMilliseconds = windowMilliseconds
    self.asOf = asOf
  }

  /// The number of persons who entered.
  var entered: Int { steps[0].reached }

  /// Counts one person.
  mutating func count(_ tries: Tries) {
    for level in 0..<tries.level {
      steps[level].reached += 1
      guard level > 0 else { continue }
      let milliseconds = tries.furthest[level] - tries.furthest[level - 1]
      steps[level].milliseconds += milliseconds
      steps[level].seconds.update(Double(milliseconds) / 1000)
    }
    if tries.level < steps.count, isOpen(tries) { steps[tries.level].open += 1 }
  }

  /// Whether the person may still go on: a try whose window, its last moment included, has not
  /// passed.
  private func isOpen(_ tries: Tries) -> Bool {
    guard let entry = tries.liveEntry, let asOf else { return false }
    return asOf.milliseconds - entry <= windowMilliseconds
  }

  /// Adds the persons of another tally.
  mutating func merge(_ other: FunnelTally) {
    for index in steps.indices {
      steps[index].reached += other.steps[index].reached
      steps[index].open += other.steps[index].open
      steps[index].milliseconds += other.steps[index].milliseconds
      steps[index].seconds.merge(other.steps[index].seconds)
    }
  }

  /// Writes one `funnel.step` record a step.
  func report(
    _ names: [String], group: UInt32?, _ breakdown: Breakdown, into output: inout Output
  ) {
    let weakest = weakestStep
    for index in steps.indices {
      output.report("funnel.step") { writer in
        writer.field("step", index + 1)
        writer.field("name", names[index])
        write(index, to: &writer)
        breakdown.write(group, to: &writer)
        if index == weakest { writer.field("weakest", true) }
      }
    }
  }

  private func write(_ index: Int, to writer: inout RecordWriter) {
    let step = steps[index]
    writer.field("persons", step.reached)
    guard index > 0 else { return writeEntry(step, to: &writer) }
    let before = steps[index - 1].reached
    writer.field("open", step.open)
    writer.field("dropped", before - step.reached - step.open)
    writer.rate("fromPrevious", Rate(numerator: step.reached, denominator: before))
    writer.rate("overall", Rate(numerator: step.reached, denominator: entered))
    let quantiles = step.seconds.quantiles([0.5, 0.9])
    let mean =
      step.reached == 0 ? nil : Double(step.milliseconds) / Double(step.reached) / 1000
    writer.field("meanSeconds", mean)
    writer.field("medianSeconds", quantiles?[0])
    writer.field("p90Seconds", quantiles?[1])
    if let error = step.seconds.relativeError { writer.field("quantileError", error) }
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

  /// The step that the smallest share of those before it reached; the first of equals.
  private var weakestStep: Int? {
    let candidates = steps.indices.dropFirst().filter { steps[$0 - 1].reached > 0 }
    return candidates.min { left, right in
      steps[left].reached * steps[right - 1].reached
        < steps[right].reached * steps[left - 1].reached
    }
  }
}
