public import Expressions
public import Records

/// What became of every line: nothing is lost without a number that says so.
public struct Tally: Equatable, Sendable {
  /// Lines read, blank ones included.
  public var lines = 0
  /// Lines with nothing but spaces.
  public var blank = 0
  /// Lines that cannot be used.
  public var rejected = 0
  /// Lines that are reports of an earlier stage.
  public var reports = 0
  /// Events that `--where`, `--since`, `--until` or `--as-of` left out.
  public var filtered = 0
  /// Events left out since `parse` marked them as a crawler's.
  public var bots = 0
  /// Events that count.
  public var events = 0
  /// Of those, events without a person.
  public var anonymous = 0
  /// Events that came later than `--lateness` allows, and so do not count.
  public var late = 0
  /// Of the events that count, those too far ahead for the clock of `--lateness` to follow.
  public var ahead = 0
  /// Persons who were not seen for as long as `--forget` says, and so left.
  public var forgotten = 0
  /// Conditions that could not be evaluated on an event, and so were false.
  public var conditionErrors = 0
  /// How often a person had no event for so long that rules no longer followed the clock.
  public var clockStops = 0
  /// Answers of `distinct` that are estimates, since the values were too many to be kept.
  public var estimates = 0

  /// Nothing read yet.
  public init() {}

  private static var counts: [WritableKeyPath<Tally, Int>] {
    [
      \.lines, \.blank, \.rejected, \.reports, \.filtered, \.bots, \.events, \.anonymous, \.late,
      \.ahead, \.forgotten, \.conditionErrors, \.clockStops,
      \.estimates,
    ]
  }

  /// Counts what a memory could not evaluate and what it estimated since it was asked last.
  @inline(__always)
  public mutating func count(_ memory: inout PersonMemory) {
    // Asked at each event, and nearly always there is nothing.
    guard memory.failureCount | memory.estimateCount != 0 else { return }
    conditionErrors += memory.failureCount
    estimates += memory.estimateCount
    memory.failureCount = 0
    memory.estimateCount = 0
  }

  /// Adds what became of other lines.
  mutating func add(_ other: Tally) {
    // No honest run comes near the limit; a damaged state must not overflow.
    for count in Tally.counts {
      self[keyPath: count] = min(self[keyPath: count] + other[keyPath: count], 1 << 60)
    }
  }

  /// Writes the counts.
  public func encode(into state: inout StateWriter) {
    for count in Tally.counts { state.write(self[keyPath: count]) }
  }

  /// Reads counts.
  public init(_ state: inout StateReader) throws(StateError) {
    for count in Tally.counts { self[keyPath: count] = try state.count(upTo: 1 << 48) }
  }
}
