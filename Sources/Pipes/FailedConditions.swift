import Expressions
import Records

/// The first conditions of a run that could not be evaluated, each with the reason.
struct FailedConditions: Sendable {
  private static let countMax = 3

  private var names: [String] = []
  private var reasons: [String] = []

  /// Whether there is none.
  var isEmpty: Bool { names.isEmpty }

  /// Whether there is room for more.
  var isWanted: Bool { names.count < Self.countMax }

  /// They in parentheses, behind a space.
  var text: String {
    let pairs = names.indices.map { "\(names[$0]): \(reasons[$0])" }
    return " (\(pairs.joined(separator: "; ")))"
  }

  /// Adds a condition unless it is there.
  mutating func add(_ name: String, _ reason: String) {
    guard isWanted, !names.contains(name) else { return }
    names.append(name)
    reasons.append(reason)
  }

  /// Writes them.
  func encode(into state: inout StateWriter) {
    state.write(names.count)
    for text in names.indices.flatMap({ [names[$0], reasons[$0]] }) {
      state.write(Array(text.utf8))
    }
  }

  /// Adds those of another run.
  mutating func decode(_ state: inout StateReader) throws(StateError) {
    for _ in 0..<(try state.count(upTo: Self.countMax)) {
      let name = String(decoding: try state.text(), as: UTF8.self)
      add(name, String(decoding: try state.text(), as: UTF8.self))
    }
  }
}

/// Whether the failures of one condition are still looked at for a reason to tell.
///
/// A field that an event lacks or what never happened is no mistake in most streams, and misspelt fields
/// are told by themselves; so what is told is the first other reason. It is looked for at so many failures only,
/// since to find it the condition is evaluated once more.
public struct FailureWatch: Sendable {
  private var looksLeft = 100

  /// Nothing looked at.
  public init() {}

  /// Whether a failure is to be looked at.
  public var isOn: Bool { looksLeft > 0 }

  /// Looks at the reason of a failure.
  ///
  /// - Returns: whether it is the one to tell.
  mutating func isTold(_ error: EvaluationError) -> Bool {
    guard error.isAbsence else {
      looksLeft = 0
      return true
    }
    looksLeft -= 1
    return false
  }
}
