import Expressions
import Pipes

/// What `--profile` asks of each person's latest events.
struct ProfileSetting: Sendable {
  /// The names under which answers stand.
  let names: [String]
  let questions: [Question]

  /// The setting; `nil` without `--profile`.
  init?(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    guard arguments.has("profile") else { return nil }
    var (names, questions): ([String], [Question]) = ([], [])
    for text in arguments.values("profile") {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw .usage("--profile takes NAME=EXPR, as plan=traits.plan, not '\(text)'")
      }
      let name = String(text[..<equals])
      guard !names.contains(name), !["openTickets", "lastInteraction"].contains(name) else {
        throw .usage("--profile: '\(name)' is the name of another part of it")
      }
      let value = try setup.value(
        String(text[text.index(after: equals)...]), of: "--profile \(name)")
      guard !value.looksBack else {
        throw .usage(
          "--profile \(name) looks back at earlier events; a profile is what the latest event says")
      }
      names.append(name)
      questions.append(Question(condition: nil, value: value, wantsNumber: false))
    }
    (self.names, self.questions) = (names, questions)
  }
}
