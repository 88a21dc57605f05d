public import Expressions
public import Records

/// What the driver drives: something that takes blocks of lines and fills an output.
///
/// ``EventStage`` makes one of every ``Filter``; `parse`, whose lines are no events yet, is one
/// itself.
public protocol Stage: Sendable {
  /// The program as its help shows it.
  static var program: Program { get }

  /// What an option of the program's own only shows, in place of a run; `nil` for a run.
  static func information(_ arguments: Arguments) -> [UInt8]?

  /// A stage for these options.
  init(_ arguments: Arguments) throws(Failure)

  /// What looks at blocks ahead of their turn on other threads; `nil` where none can.
  var lookout: EventScanner? { get }

  /// Bytes of the largest array that may grow by the next lines.
  var largestArrayBytes: Int { get }

  /// What is to be said of the expressions that the options give.
  var summaries: [ExpressionSummary] { get }

  /// Takes the lines of a block, the last one whole too.
  mutating func accept(_ lines: inout LineBlock, into output: inout Output) throws(Failure)

  /// Writes what the stage knows so far.
  mutating func snapshot(into output: inout Output)

  /// The input is over: writes what is left.
  mutating func finish(into output: inout Output) throws(Failure)

  /// Writes all that the stage knows as lines of a state; changes nothing.
  ///
  /// - Parameter options: what stands for the options that the state belongs to.
  mutating func encode(options: String, into output: inout Output)

  /// Adds what a line of a state knows to what is known.
  mutating func decode(_ line: StateLine, into output: inout Output) throws(StateError)
}

extension Stage {
  /// Most programs have no such option.
  public static func information(_ arguments: Arguments) -> [UInt8]? { nil }

  /// Nothing that grows with the input.
  public var largestArrayBytes: Int { 0 }

  /// Without events there is nothing to look at.
  public var lookout: EventScanner? { nil }
}

/// What makes records from nothing.
public protocol Generator: Sendable {
  /// The program as its help shows it.
  static var program: Program { get }

  /// A generator for these options.
  init(_ arguments: Arguments) throws(Failure)

  /// Writes some records, about a block of them.
  ///
  /// - Returns: false when there are no more.
  mutating func generate(into output: inout Output) -> Bool
}
