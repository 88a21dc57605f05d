/// What health is made of: the components of the file of `--health`, and its bands.
///
///     {"components":[
///       {"name":"usage","weight":30},
///       {"name":"csm","weight":3,"when":"event == \"Account Reviewed\"","value":"properties.score","best":10},
///       {"name":"product","weight":8,"components":[{"name":"depth","weight":1,…},{"name":"seats",…}]}],
///      "bands":{"yellow":50,"green":75}}
///
/// The score is the weighted mean of the components that have a value; a group is the weighted mean of
/// its own. What has no value is left out, and so the weights of the others are renormalised: a group
/// without any value has none.
/// Source: Gainsight, `Σ weight × value ÷ Σ weight`, weights 0 to 999,999, groups that nest.
struct HealthPlan: Sendable {
  /// One component, or a group of them.
  struct Part: Sendable {
    let name: String
    let weight: Double
    let source: Source
  }

  /// Where the value of a component comes from.
  enum Source: Sendable {
    /// The component that health has without a file.
    case builtIn(Component.Kind)
    /// The answer with a number.
    case answer(Int)
    /// The mean of others.
    case group([Part])
  }

  /// What the latest event says that has a number to say: 0 (worst) to 100 (best).
  struct Answer: Sendable {
    let question: Question
    let worst: Double
    let best: Double

    /// A number of an event as 0 to 100; what lies outside is the nearest.
    func scaled(_ number: Double) -> Double {
      // Adding 0 turns -0 into 0.
      min(max(100 * ((number - worst) / (best - worst)), 0), 100) + 0
    }
  }

  /// A component that has a value, with its share in the whole score.
  struct Leaf: Sendable {
    let name: String
    /// What it is, where health has it without a file.
    let kind: Component.Kind?
    let value: Double
    let share: Double
  }

  let parts: [Part]
  let answers: [Answer]
  let bands: Health.Bands

  /// The components that have a value; their shares sum to 1.
  ///
  /// - Parameters:
  ///   - known: those that health has without a file.
  ///   - answers: of each number of an answer its value.
  func leaves(_ known: Components, _ answers: [Double?]) -> [Leaf] {
    Self.leaves(parts, known, answers) ?? []
  }

  /// The leaves of some parts, shares of them summing to 1; `nil` where nothing has a value or weighs.
  private static func leaves(
    _ parts: [Part], _ known: Components, _ answers: [Double?]
  ) -> [Leaf]? {
    var found: [(weight: Double, leaves: [Leaf])] = []
    for part in parts {
      switch part.source {
      case .builtIn(let kind):
        guard let value = known.first(where: { $0.kind == kind })?.value else { continue }
        found.append((part.weight, [Leaf(name: part.name, kind: kind, value: value, share: 1)]))
      case .answer(let number):
        guard let value = answers[number] else { continue }
        found.append((part.weight, [Leaf(name: part.name, kind: nil, value: value, share: 1)]))
      case .group(let parts):
        guard let leaves = leaves(parts, known, answers) else { continue }
        found.append((part.weight, leaves))
      }
    }
    let weight = found.reduce(0) { $0 + $1.weight }
    guard weight > 0 else { return nil }
    return found.flatMap { part in
      part.leaves.map {
        Leaf(name: $0.name, kind: $0.kind, value: $0.value, share: $0.share * part.weight / weight)
      }
    }
  }
}
