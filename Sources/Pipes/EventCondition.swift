public import Events
public import Expressions
import Records

/// Which events an option means: those of a name, or those for which an expression is true.
///
///     --exclude 'Support Ticket Opened'        the name of an event
///     --exclude 'properties.total > 100'       an expression
public enum EventCondition: Sendable {
  /// The event has this name.
  case name([UInt8])
  /// The expression is true for the event.
  case expression(Expression)

  /// The events that the text of an option means: a name where it is made of words alone.
  public init(_ text: String, of option: String, _ setup: inout Setup) throws(Failure) {
    self =
      EventCondition.isName(text)
      ? .name(Array(text.utf8)) : .expression(try setup.condition(text, of: option))
  }

  /// Whether a text is the name of an event rather than an expression.
  public static func isName(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      !scalar.isASCII || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || " _$-".unicodeScalars.contains(scalar)
    }
  }

  /// What tells one condition from another: `event == "A"` is the name A.
  public var source: String {
    switch self {
    case .name(let name): String(decoding: name, as: UTF8.self)
    case .expression(let expression):
      EventCondition.named(expression.source) ?? expression.source
    }
  }

  /// The name that an expression like `event == "A"` asks for and nothing else.
  private static func named(_ source: String) -> String? {
    let parts = source.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty, trimmed(parts[0]) == "event",
      case let text = trimmed(parts[2]), text.count >= 2, let quote = text.first,
      quote == "\"" || quote == "'", text.last == quote,
      !text.dropFirst().dropLast().contains(where: { $0 == quote || $0 == "\\" })
    else { return nil }
    return String(text.dropFirst().dropLast())
  }

  /// Whether an event is meant.
  ///
  /// - Parameter failures: is raised by one when the expression has an error, and so is false.
  /// - Throws: where the name cannot be read.
  public func holds(
    _ event: Event, in block: Block, _ reader: EventReader, failures: inout Int
  ) throws(RecordError) -> Bool {
    let bytes = block.bytes.span
    switch self {
    case .name(let wanted):
      if let name = reader.plainName(block.fields, at: event.base, in: bytes) {
        return bytes.equals(wanted, from: name.start, to: name.end)
      }
      return try reader.name(block.fields, at: event.base, in: bytes).equals(wanted, in: bytes)
    case .expression(let condition):
      return condition.holds(event, in: block, failures: &failures)
    }
  }
}

/// A text without the blanks around it.
public func trimmed(_ text: Substring) -> String {
  let rest = text.drop { $0 == " " }
  guard let last = rest.lastIndex(where: { $0 != " " }) else { return "" }
  return String(rest[...last])
}
