/// The functions that every expression may call.
enum Function: String, Sendable, CaseIterable {
  case size
  case startsWith
  case endsWith
  case contains
  case matches
  case int
  case uint
  case double
  case string
  case bytes
  case bool
  case timestamp
  case duration
  case type
  case dyn
  case getFullYear
  case getMonth
  case getDate
  case getDayOfMonth
  case getDayOfWeek
  case getDayOfYear
  case getHours
  case getMinutes
  case getSeconds
  case getMilliseconds

  /// Whether the function is written behind what it works on: `text.contains("a")`.
  var isMethod: Bool {
    switch self {
    case .startsWith, .endsWith, .contains, .matches: true
    default: isTimePart
    }
  }

  /// Whether the function can be written either way: `size(list)`, `list.size()`.
  var hasBothForms: Bool { self == .size || self == .matches }

  /// Whether the function reads a part of a timestamp or duration.
  var isTimePart: Bool { rawValue.hasPrefix("get") }

  /// How many values the function takes, its receiver included.
  var arguments: ClosedRange<Int> {
    switch self {
    case .startsWith, .endsWith, .contains, .matches: 2...2
    default: isTimePart ? 1...2 : 1...1
    }
  }

  /// The type of the result.
  var result: ValueType {
    switch self {
    case .startsWith, .endsWith, .contains, .matches, .bool: .bool
    case .size, .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .type: .type
    case .dyn: .dynamic
    default: .int
    }
  }

  /// Whether the function takes a value of a type that is known before the evaluation.
  func takes(_ type: ValueType, at position: Int) -> Bool {
    if type == .dynamic { return true }
    if position > 0 { return type == .string }
    switch self {
    case .size: return [.string, .bytes, .list, .map].contains(type)
    case .startsWith, .endsWith, .contains, .matches: return type == .string
    case .int: return type.isNumeric || type == .string || type == .timestamp
    case .uint, .double: return type.isNumeric || type == .string
    case .string: return type != .list && type != .map && type != .type && type != .null
    case .bytes: return type == .string || type == .bytes
    case .bool: return type == .string || type == .bool
    case .timestamp: return type == .string || type == .int || type == .timestamp || type == .number
    case .duration: return type == .string || type == .duration
    case .type, .dyn: return true
    case .getHours, .getMinutes, .getSeconds, .getMilliseconds:
      return type == .timestamp || type == .duration
    default: return type == .timestamp
    }
  }

  /// How often a part of a time can change by the clocks of its zone, in milliseconds, or `nil` where
  /// that is too often.
  var changeMilliseconds: Int64? {
    switch self {
    case .getMilliseconds: nil
    case .getSeconds, .int: 1000
    case .getMinutes: 60_000
    case .getHours: 3_600_000
    default: 86_400_000
    }
  }
}
