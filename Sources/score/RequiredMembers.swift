import Pipes
import Records

/// The members of an object that a program wrote; what is missing in it is told with its place.
///
/// Members that nobody asks for may stand there: they are for people.
struct RequiredMembers {
  private let file: JSONFile
  private let pairs: [JSONFile.Pair]
  private let name: String
  private let start: Int

  /// The members of an object; `name` says in messages what it is.
  init(_ pairs: [JSONFile.Pair], of file: JSONFile, _ name: String, at start: Int) {
    (self.file, self.pairs, self.name, self.start) = (file, pairs, name, start)
  }

  /// A member's value.
  func value(_ key: String) throws(Failure) -> Field {
    guard let pair = pairs.first(where: { $0.name == key }) else {
      throw file.failure("\(name) has no \"\(key)\"", at: start)
    }
    return pair.value
  }

  /// A text.
  func text(_ key: String) throws(Failure) -> String {
    try file.string(try value(key), "a text as \"\(key)\"")
  }

  /// A text or `null`.
  func textOrNull(_ key: String) throws(Failure) -> String? {
    file.kind(of: try value(key)) == .null ? nil : try text(key)
  }

  /// A finite number.
  func number(_ key: String) throws(Failure) -> Double {
    try file.number(try value(key), "a number as \"\(key)\"")
  }

  /// A finite number or `null`.
  func numberOrNull(_ key: String) throws(Failure) -> Double? {
    file.kind(of: try value(key)) == .null ? nil : try number(key)
  }

  /// `true`, `false`, or `null`.
  func flagOrNull(_ key: String) throws(Failure) -> Bool? {
    let field = try value(key)
    switch file.kind(of: field) {
    case .true: return true
    case .false: return false
    case .null: return nil
    default: throw file.failure("expected true, false or null as \"\(key)\"", at: field.start)
    }
  }

  /// What is wrong with a member.
  func failure(_ key: String, _ message: String) -> Failure {
    let pair = pairs.first { $0.name == key }
    return file.failure(message, at: pair?.value.start ?? start)
  }
}
