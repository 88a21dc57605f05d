public import Events
import Records

/// Which events are activity of a person: those that an option means, else every interaction.
///
///     cohort --start 'Signed Up'      session --event 'type == "page"'
public enum ActivityTest: Sendable {
  /// What a person does; what only reaches a person, as a delivery or an impression, is none.
  case interaction
  /// What an option says.
  case condition(EventCondition)

  /// What an option means, an interaction where it is not given.
  public init(
    _ arguments: Arguments, _ options: [String], _ setup: inout Setup
  ) throws(Failure) {
    guard let option = options.first(where: arguments.has),
      let text = arguments.value(option)
    else {
      self = .interaction
      return
    }
    guard !trimmed(text[...]).isEmpty else { throw .usage("--\(option) '\(text)' names no event") }
    self = .condition(try EventCondition(text, of: "--\(option)", &setup))
  }

  /// Whether the same events are meant, as far as the texts tell.
  public func isSame(as other: ActivityTest) -> Bool {
    switch (self, other) {
    case (.interaction, .interaction): true
    case (.condition(let one), .condition(let other)): one.source == other.source
    default: false
    }
  }

  /// Whether an event is activity.
  ///
  /// - Parameters:
  ///   - names: what the names of events mean.
  ///   - failures: is raised by one when an expression has an error, and so is false.
  @inline(__always)
  public func holds(
    _ event: Event, in block: Block, _ names: EventNames, _ reader: EventReader,
    failures: inout Int
  ) throws(RecordError) -> Bool {
    switch self {
    case .interaction:
      try names.meaning(of: event, block.fields, in: block.bytes.span).meaning
        .contains(.interaction)
    case .condition(let condition):
      try condition.holds(event, in: block, reader, failures: &failures)
    }
  }
}
