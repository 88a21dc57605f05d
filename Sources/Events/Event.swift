public import Records

/// One event of a block: where its line and fields lie, when it was, and whose it is.
public struct Event: Sendable, BitwiseCopyable {
  /// Offset of the line's first byte in its block.
  public var start: Int
  /// Offset of the newline behind it.
  public var end: Int
  /// Index of the record's first slot in the block's fields.
  public var base: Int
  /// When it happened.
  public var time: Moment
  /// The person's id as a number, ``Persons/nobody`` for none.
  public var person: UInt32
  /// Number of the value that `--by` gave, 0 without one.
  public var group: UInt32
  /// Whether `parse` marked it as a crawler's.
  public var isBot: Bool

  /// An event without a person.
  @inlinable
  public init(start: Int, end: Int, base: Int, time: Moment) {
    self.start = start
    self.end = end
    self.base = base
    self.time = time
    person = Persons.nobody
    group = 0
    isBot = false
  }

  /// Where the record's last brace stands, `nil` where a blank or another brace is next to it.
  @inlinable
  public func lastBrace(in bytes: Span<UInt8>) -> Int? {
    let brace = end - 1
    guard bytes[brace] == ASCII.closeBrace, bytes[brace - 1] > ASCII.space,
      bytes[brace - 1] != ASCII.openBrace
    else { return nil }
    return brace
  }
}

/// A stretch of input with the events found in it.
///
///     bytes   {"event":…}⏎{"event":…}⏎ … zero padding
///     fields  [slot 0, slot 1, …][slot 0, slot 1, …] …       Event.base is the first of a record
public struct Block: Sendable {
  /// The bytes, with padding behind the last line.
  public var bytes: [UInt8] = []
  /// The wanted fields of every record, one row after the other.
  public var fields: [Field] = []
  /// What the conditions that look back say of the event at hand; `nil` where nobody was asked.
  public var lookBack: ConditionAnswers?

  /// An empty block.
  public init() {}
}

/// Answers of numbered conditions for one event: a bit each, in words of 64.
public struct ConditionAnswers: Sendable {
  private let truths: [UInt64]
  private let failures: [UInt64]

  /// Answers by the conditions that are true, and those that have an error.
  public init(truths: [UInt64], failures: [UInt64]) {
    self.truths = truths
    self.failures = failures
  }

  /// Whether a condition is true.
  public func isTrue(_ number: Int) -> Bool { truths[number >> 6] >> UInt64(number & 63) & 1 == 1 }

  /// Whether a condition has an error, and so is false.
  public func hasFailed(_ number: Int) -> Bool {
    failures[number >> 6] >> UInt64(number & 63) & 1 == 1
  }
}
