import Events
import Pipes
import Records

/// Which events begin a cohort, are a return, or are activity.
enum ActivityTest: Sendable {
  /// What a person does; what only reaches a person, as a delivery or an impression, is none.
  case interaction
  /// What an option says.
  case condition(EventCondition)

  /// What an option means, an interaction where it is not given.
  init(_ arguments: Arguments, _ options: [String], _ setup: inout Setup) throws(Failure) {
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
  func isSame(as other: ActivityTest) -> Bool {
    switch (self, other) {
    case (.interaction, .interaction): true
    case (.condition(let one), .condition(let other)): one.source == other.source
    default: false
    }
  }
}
