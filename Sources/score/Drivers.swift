import Records

/// What raises and what lowers a person's scores, in words, the strongest first.
///
/// A component raises when it is over 50, else it lowers, as the bands have it. Its impact is its
/// share in health times its distance from 50; the parts of engagement share that of engagement.
/// An open ticket always lowers, by its share times the distance from 100. Equal impacts stand in the order of ``Component/Kind``.
struct Drivers: Sendable {
  private struct Driver: BitwiseCopyable {
    let kind: Component.Kind
    let raises: Bool
    let impact: Double
  }

  private var drivers: [Driver] = []

  /// Weighs the components of the person that a view looks at.
  mutating func weigh(_ view: PersonView) {
    drivers.removeAll(keepingCapacity: true)
    let healthWeight = view.healthParts.weight
    let engagementWeight = view.engagementParts.weight
    for component in view.healthParts {
      let share = component.weight / healthWeight
      if component.kind == .engagement {
        for part in view.engagementParts where says(part.kind, view) {
          add(part, share: share * part.weight / engagementWeight)
        }
      } else {
        add(component, share: share)
      }
    }
  }

  /// Whether there is more to say of a component than the others say already.
  private func says(_ kind: Component.Kind, _ view: PersonView) -> Bool {
    switch kind {
    case .recency: true
    case .activeDays: view.overall.isActive
    default: view.features.activeDays > 0
    }
  }

  /// Inserts a driver at its place.
  private mutating func add(_ component: Component, share: Double) {
    let isSupport = component.kind == .support
    let raises = isSupport ? component.value == 100 : component.value > 50
    let neutral: Double = isSupport && !raises ? 100 : 50
    let driver = Driver(
      kind: component.kind, raises: raises, impact: share * abs(component.value - neutral))
    var place = drivers.count
    while place > 0, isStronger(driver, than: drivers[place - 1]) { place -= 1 }
    drivers.insert(driver, at: place)
  }

  private func isStronger(_ one: Driver, than other: Driver) -> Bool {
    one.impact != other.impact
      ? one.impact > other.impact : one.kind.rawValue < other.kind.rawValue
  }

  /// Writes `"drivers":{"raises":["seen 2 days ago"],"lowers":["1 open ticket"]}`.
  func write(_ view: PersonView, to writer: inout RecordWriter) {
    writer.object("drivers") { writer in
      for (name, raises) in [("raises", true), ("lowers", false)] {
        writer.array(name) { writer in
          for driver in drivers where driver.raises == raises {
            writer.element(text(driver, view))
          }
        }
      }
    }
  }

  private func text(_ driver: Driver, _ view: PersonView) -> String {
    let features = view.features
    let period = Features.periodDays
    switch driver.kind {
    case .recency:
      guard let days = features.idleDays else { return "no interaction" }
      return "seen " + Drivers.ago(days)
    case .activeDays:
      return "\(Drivers.counted(features.activeDays, "active day")) in \(period)"
    case .events:
      let isFull = features.eventKinds == ChannelActivity.kindsMax
      let kinds = Drivers.counted(features.eventKinds, "different event")
      return "\(isFull ? "at least " : "")\(kinds) in \(period) days"
    case .channels:
      return "\(Drivers.counted(features.channels ?? 0, "channel")) in \(period) days"
    case .usage:
      let before = features.activeDaysBefore
      return "\(Drivers.counted(features.activeDays, "active day")) against \(before) in the "
        + "\(period) days before"
    case .engagement: return "engagement"
    case .support:
      return Drivers.counted(view.signals?.openTickets ?? 0, "open ticket")
    case .sentiment:
      return "latest rating \(view.signals?.rating.value ?? 0) of 100"
    case .finance:
      guard let payment = view.signals?.payment, payment.value > 0 else {
        return "latest payment failed"
      }
      let days = view.day - Int(payment.time.dayNumber)
      return driver.raises
        ? "paid " + Drivers.ago(days) : "no payment in \(Drivers.counted(days, "day"))"
    }
  }

  private static func ago(_ days: Int) -> String {
    days <= 0 ? "today" : counted(days, "day") + " ago"
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    switch count {
    case 0: "no \(noun)"
    case 1: "1 \(noun)"
    default: "\(count) \(noun)s"
    }
  }
}
