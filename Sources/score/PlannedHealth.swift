import Pipes
import Records

/// A person's health by the file of `--health`.
struct PlannedHealth {
  /// The components that have a value.
  let leaves: [HealthPlan.Leaf]
  /// The weighted mean of them; `nil` where there is none.
  let score: Tenths?
  private let bands: Health.Bands

  /// The health of the person that a view looks at, whose health without a file is known.
  ///
  /// - Parameter answers: of each number of an answer its value.
  init(_ plan: HealthPlan, _ view: PersonView, _ answers: [Double?]) {
    leaves = plan.leaves(view.healthParts, answers)
    score = leaves.isEmpty ? nil : Tenths(leaves.reduce(0) { $0 + $1.share * $1.value })
    bands = plan.bands
  }

  /// Writes the score, what it is made of, and what raises and lowers it in words.
  func write(_ view: PersonView, to writer: inout RecordWriter) {
    writer.field("health", score.map { Health.Band($0, bands).name.description })
    writer.field("healthScore", score.map { Double($0.count) / 10 })
    if score == nil { writer.field("healthReason", "no component has a value") }
    writer.array("healthOf") { writer in
      for leaf in leaves { writer.element(leaf.name) }
    }
    let drivers = drivers(view)
    writer.object("drivers") { writer in
      for (name, raises) in [("raises", true), ("lowers", false)] {
        writer.array(name) { writer in
          for driver in drivers where driver.raises == raises { writer.element(driver.text) }
        }
      }
    }
  }

  /// The components in words, the strongest first, equal ones as they stand in the file; in place of
  /// engagement its parts.
  private func drivers(_ view: PersonView) -> [(text: String, raises: Bool)] {
    var drivers: [(text: String, raises: Bool, impact: Double)] = []
    func add(_ name: String, _ kind: Component.Kind?, _ value: Double, share: Double) {
      let effect = Drivers.effect(of: value, kind)
      drivers.append(
        (text(name, kind, value, effect.raises, view), effect.raises, share * effect.distance))
    }
    for leaf in leaves {
      guard leaf.kind == .engagement else {
        add(leaf.name, leaf.kind, leaf.value, share: leaf.share)
        continue
      }
      let weight = view.engagementParts.weight
      for part in view.engagementParts where Drivers.says(part.kind, view) {
        add("", part.kind, part.value, share: leaf.share * part.weight / weight)
      }
    }
    return drivers.enumerated()
      .sorted { ($0.element.impact, $1.offset) > ($1.element.impact, $0.offset) }
      .map { ($0.element.text, $0.element.raises) }
  }

  private func text(
    _ name: String, _ kind: Component.Kind?, _ value: Double, _ raises: Bool, _ view: PersonView
  ) -> String {
    guard let kind else { return "\(name) \(Tenths(value)) of 100" }
    var text: [UInt8] = []
    text.append(addingCapacity: 128 + OutputSpan<UInt8>.slackBytes) { span in
      Drivers.append(kind, raises: raises, view, to: &span)
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension HealthPlan {
  /// Writes the weights of components, of a group those of its own too.
  static func write(_ parts: [Part], to writer: inout RecordWriter) {
    for part in parts {
      guard case .group(let inner) = part.source else {
        writer.field(part.name, part.weight)
        continue
      }
      writer.object(part.name) { writer in
        writer.field("weight", part.weight)
        writer.object("of") { write(inner, to: &$0) }
      }
    }
  }
}
