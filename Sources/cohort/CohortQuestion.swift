import Pipes

/// What a run asks of the days of persons.
enum CohortQuestion: String, CaseIterable, Sendable {
  /// Who comes back of those who began together.
  case retention
  /// How many are active, and how often.
  case active
  /// Who is new, returns, comes back, stays away.
  case lifecycle
  /// Which share of the active is not active in the next period.
  case churn
  /// After how long persons stay away.
  case survival

  /// The options that only some questions take.
  private static let restricted: [(option: String, questions: [CohortQuestion])] = [
    ("start", [.retention, .survival]), ("return", [.retention]), ("brackets", [.retention]),
    ("mode", [.retention]), ("calendar", [.retention]), ("rolling", [.retention]),
    ("recurring", [.retention]), ("first-time", [.retention]),
    ("periods", [.retention, .active]), ("idle", [.survival]),
    ("period", [.retention, .active, .lifecycle, .churn]),
  ]

  /// The question that the options ask, retention where they ask none.
  init(_ arguments: Arguments) throws(Failure) {
    let asked = Self.allCases.filter { arguments.has($0.rawValue) }
    if asked.count > 1 {
      throw .usage(
        "--\(asked[0].rawValue) and --\(asked[1].rawValue) are two reports: take a run for each")
    }
    self = asked.first ?? .retention
    for (option, questions) in Self.restricted
    where arguments.has(option) && !questions.contains(self) {
      let names = questions.map { "--\($0.rawValue)" }.joined(separator: " or ")
      throw .usage("--\(option) is for \(names), not for --\(rawValue)")
    }
    for option in ["start", "return"] where arguments.has(option) && arguments.has("event") {
      guard self == .retention else { continue }
      throw .usage("--event stands for --start and --return: leave it or --\(option) out")
    }
  }
}
