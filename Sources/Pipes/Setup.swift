public import Events
public import Expressions
public import Records

/// What a filter may ask for when it is made: fields of events, files, the common options.
public struct Setup: Sendable {
  /// The expressions of the program, and the top-level keys that are read from every record.
  public var environment: Environment
  /// The reader of times and ids.
  public let reader: EventReader
  /// The conditions given with options that look back: the stage answers them at each event.
  private(set) var lookBackConditions: [Expression] = []
  /// Whether an expression that an option gives looks back.
  private(set) var looksBack = false
  /// The currency of `--currency`.
  public let currency: String?
  /// Whether `--pass` forwards the events.
  public let passes: Bool
  /// How late events may come; `nil` where none is too late.
  public let lateness: Lateness?

  init(_ arguments: Arguments, for program: Program) throws(Failure) {
    func value(_ name: String) -> String? {
      program.takes(name) ? arguments.value(name) : nil
    }
    let key = value("key")
    if let key, key.split(separator: ".", omittingEmptySubsequences: false).contains("") {
      throw .usage("--key takes a path like properties.account.id, not '\(key)'")
    }
    environment = Environment(
      allowsLookBack: true, followsTime: program.family == .annotate, zones: .system)
    if let name = value("time-zone") { environment.timeZone = try timeZone(named: name) }
    reader = EventReader(&environment.selection, key: key)
    currency = value("currency")
    passes = value("pass") != nil
    lateness = program.takes("lateness") ? try Lateness(arguments, of: "lateness") : nil
    let clocks = ["lateness", "reorder", "forget"].filter { program.takes($0) }
    guard value("max-jump") == nil || clocks.contains(where: arguments.has) else {
      let named = clocks.map { "--\($0)" }.joined(separator: " or ")
      throw .usage("--max-jump needs \(named), whose clock it slows")
    }
  }

  /// The slot of a top-level key.
  public mutating func slot(_ key: String) -> Int { environment.selection.slot(key) }

  /// Says that the filter will ask for the fingerprints of events.
  public mutating func useFingerprints() { _ = slot("messageId") }

  /// A condition on one event, given with an option.
  public mutating func condition(
    _ source: String, of option: String
  ) throws(Failure) -> Expression {
    try expression(source, as: .condition, of: option)
  }

  /// A value of one event, given with an option.
  public mutating func value(_ source: String, of option: String) throws(Failure) -> Expression {
    try expression(source, as: .value, of: option)
  }

  private mutating func expression(
    _ source: String, as purpose: Environment.Purpose, of option: String
  ) throws(Failure) -> Expression {
    do {
      return registered(try environment.compile(source, as: purpose, from: option), as: purpose)
    } catch {
      throw .usage("\(option): \(error.rendering)")
    }
  }

  /// A condition on one event, read from a file.
  ///
  /// - Parameters:
  ///   - what: what is expected, for the message.
  ///   - origin: what it is for.
  public mutating func condition(
    _ field: Field, of file: JSONFile, _ what: String, from origin: String
  ) throws(Failure) -> Expression {
    registered(
      try file.expression(field, what, as: .condition, from: origin, in: &environment),
      as: .condition)
  }

  /// Has the stage answer a condition that looks back.
  private mutating func registered(
    _ compiled: Expression, as purpose: Environment.Purpose
  ) -> Expression {
    var expression = compiled
    guard expression.looksBack else { return expression }
    looksBack = true
    guard purpose == .condition else { return expression }
    expression.answerNumber = lookBackConditions.count
    lookBackConditions.append(expression)
    return expression
  }

  /// The content of a file that an option names.
  public func contents(of path: String) throws(Failure) -> [UInt8] {
    guard path != "-" else {
      throw .usage(
        "'-' is standard input, which has the events: name a file, or ./- for one named so")
    }
    return try fileContents(path)
  }
}

extension EventPlace {
  /// The place of an event, for its expressions.
  public init(_ event: Event) {
    self.init(start: event.start, end: event.end, base: event.base, time: event.time)
  }
}
