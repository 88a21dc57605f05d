import Pipes
import Records

/// Why a model gives a person a high or a low chance, in words, the strongest first.
///
///     {"raises":["Lesson 3 times in 14 days"],"lowers":["seen 9 days ago"]}
///
/// The impact of a feature is its weight times the deviations that the person is off the mean. At most
/// three raise and three lower. What says nothing of the goal by itself (vanity) is no driver.
struct GoalDrivers {
  /// The most that raise, and that lower.
  private static let countMax = 3

  private let scores: GoalScores
  private var looking: GoalFeatures

  /// Drivers of chances.
  init(_ scores: GoalScores) {
    self.scores = scores
    looking = scores.features
  }

  /// Writes the chance of a person, and what makes it.
  mutating func write(
    _ person: UInt32, _ census: borrowing Census, to writer: inout RecordWriter
  ) {
    let chance = scores.chance(of: person)
    writer.field("goalChance", chance)
    guard chance != nil,
      looking.look(at: scores.evidence.days(of: person, census), from: scores.origin)
    else {
      writer.field("goalReason", "no interaction")
      return writer.null("goalDrivers")
    }
    writer.null("goalReason")
    let impacts = zip(scores.model.features, looking.values).map { $0.addition(of: $1) }
    let places = impacts.indices.filter { scores.model.features[$0].isVanity != true }
      .sorted { (abs(impacts[$0]), $1) > (abs(impacts[$1]), $0) }
    writer.object("goalDrivers") { writer in
      for (name, raises) in [("raises", true), ("lowers", false)] {
        let drivers = places.filter { raises ? impacts[$0] > 0 : impacts[$0] < 0 }
        writer.array(name) { writer in
          for place in drivers.prefix(Self.countMax) { writer.element(text(place)) }
        }
      }
    }
  }

  /// What a feature says of the person looked at.
  private func text(_ place: Int) -> String {
    let (count, model) = (looking.counts[place], scores.model)
    let window = model.horizonDays == 1 ? "in a day" : "in \(model.horizonDays) days"
    func counted(_ noun: String) -> String {
      let count = Int(count)
      return "\(count == 0 ? "no" : "\(count)") \(noun)\(count > 1 ? "s" : "")"
    }
    switch GoalFeatures.Activity(rawValue: place) {
    case .recency: return count == 0 ? "seen today" : "seen \(counted("day")) ago"
    case .activeDays: return "\(counted("active day")) \(window)"
    case .trend:
      let change = Int(abs(count))
      return change == 0
        ? "as many active days as before"
        : "\(change) active day\(change > 1 ? "s" : "") \(count > 0 ? "more" : "less") than before"
    case .otherEvents: return "\(counted("other event")) \(window)"
    case .channels: return "\(counted("channel")) \(window)"
    case .stages: return "\(counted("step")) of a funnel reached"
    case .sessions: return "\(counted("session")) \(window)"
    case .money:
      guard count > 0 else { return "paid nothing \(window)" }
      var amount: [UInt8] = []
      amount.append(jsonNumber: count)
      let currency = model.currency.map { " \($0)" } ?? ""
      return "paid \(String(decoding: amount, as: UTF8.self))\(currency) \(window)"
    case nil:
      let name = model.features[place].name
      return count == 0 ? "no \(name) \(window)" : "\(name) \(counted("time")) \(window)"
    }
  }
}
