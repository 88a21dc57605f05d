import Records

/// What raises and what lowers a person's scores, in words, the strongest first.
///
/// A component raises when it is over 50, else it lowers, as the bands have it. Its impact is its
/// share in health times its distance from 50; the parts of engagement share that of engagement.
/// An open ticket always lowers, by its share times the distance from 100. Equal impacts stand in the order of ``Component/Kind``.
struct Drivers: Sendable {
  private struct Driver: BitwiseCopyable {
    var kind = Component.Kind.recency
    var raises = false
    var impact = 0.0
  }

  /// The most drivers of a person: four parts of engagement and four of health beside it.
  private static let countMax = 8
  /// The most bytes that ``append(_:to:)`` writes: no text with its quotes and comma takes 128.
  static let textBytesMax = 32 + 128 * countMax

  private var drivers = InlineArray<8, Driver>(repeating: Driver())
  private var count = 0

  /// Weighs the components of the person that a view looks at; there is none before.
  mutating func weigh(_ view: PersonView) {
    let healthWeight = view.healthParts.weight
    let engagementWeight = view.engagementParts.weight
    for component in view.healthParts {
      let share = component.weight / healthWeight
      if component.kind == .engagement {
        for part in view.engagementParts where Self.says(part.kind, view) {
          add(part, share: share * part.weight / engagementWeight)
        }
      } else {
        add(component, share: share)
      }
    }
  }

  /// Whether there is more to say of a component than the others say already.
  static func says(_ kind: Component.Kind, _ view: PersonView) -> Bool {
    switch kind {
    case .recency, .engagement: true
    case .activeDays: view.overall.isActive
    default: view.features.activeDays > 0
    }
  }

  /// Whether a component raises, and how far it is from where it would do neither; `nil` is one of a file.
  static func effect(
    of value: Double, _ kind: Component.Kind?
  ) -> (raises: Bool, distance: Double) {
    let isSupport = kind == .support
    let raises = isSupport ? value == 100 : value > 50
    let neutral: Double = isSupport && !raises ? 100 : 50
    return (raises, abs(value - neutral))
  }

  /// Inserts a driver at its place.
  private mutating func add(_ component: Component, share: Double) {
    let effect = Self.effect(of: component.value, component.kind)
    let driver = Driver(
      kind: component.kind, raises: effect.raises, impact: share * effect.distance)
    var place = count
    while place > 0, isStronger(driver, than: drivers[place - 1]) {
      drivers[place] = drivers[place - 1]
      place -= 1
    }
    drivers[place] = driver
    count += 1
  }

  private func isStronger(_ one: Driver, than other: Driver) -> Bool {
    one.impact != other.impact
      ? one.impact > other.impact : one.kind.rawValue < other.kind.rawValue
  }

  /// The drivers as JSON: `{"raises":["seen 2 days ago"],"lowers":["1 open ticket"]}`.
  ///
  /// No text of theirs needs an escape; there must be room for ``textBytesMax``.
  func append(_ view: PersonView, to json: inout OutputSpan<UInt8>) {
    json.append(static: "{\"raises\":[")
    append(view, raises: true, to: &json)
    json.append(static: "],\"lowers\":[")
    append(view, raises: false, to: &json)
    json.append(static: "]}")
  }

  private func append(
    _ view: PersonView, raises: Bool, to json: inout OutputSpan<UInt8>
  ) {
    var isFirst = true
    // An element of the array itself is taken out of a copy of all of it.
    let drivers = drivers.span
    for index in 0..<count where drivers[index].raises == raises {
      if !isFirst { json.append(ASCII.comma) }
      isFirst = false
      json.append(ASCII.quote)
      Self.append(drivers[index].kind, raises: raises, view, to: &json)
      json.append(ASCII.quote)
    }
  }

  /// Says what a component of a person is; no text takes 100 bytes.
  // 28 days are ``Features/periodDays``: texts made for each person would be a cost that shows.
  static func append(
    _ kind: Component.Kind, raises: Bool, _ view: PersonView, to text: inout OutputSpan<UInt8>
  ) {
    let features = view.features
    switch kind {
    case .recency:
      guard let days = features.idleDays else { return text.append(static: "no interaction") }
      text.append(static: "seen ")
      text.append(daysAgo: days)
    case .activeDays:
      text.append(counted: features.activeDays, "active day")
      text.append(static: " in 28")
    case .events:
      if features.eventKinds == ChannelActivity.kindsMax { text.append(static: "at least ") }
      text.append(counted: features.eventKinds, "different event")
      text.append(static: " in 28 days")
    case .channels:
      text.append(counted: features.channels ?? 0, "channel")
      text.append(static: " in 28 days")
    case .usage:
      text.append(counted: features.activeDays, "active day")
      text.append(static: " against ")
      text.append(integer: features.activeDaysBefore)
      text.append(static: " in the 28 days before")
    case .engagement:
      // A model's, which has parts of its own.
      text.append(static: "engagement ")
      text.append(integer: Int(view.engagement.count / 10))
      text.append(static: " of 100")
    case .support: text.append(counted: view.signals?.openTickets ?? 0, "open ticket")
    case .sentiment:
      text.append(static: "latest rating ")
      text.append(integer: Int(view.signals?.rating.value ?? 0))
      text.append(static: " of 100")
    case .finance: appendPayment(view, raises: raises, to: &text)
    }
  }

  private static func appendPayment(
    _ view: PersonView, raises: Bool, to text: inout OutputSpan<UInt8>
  ) {
    guard let payment = view.signals?.payment, payment.value > 0 else {
      return text.append(static: "latest payment failed")
    }
    let days = view.day - Int(payment.time.dayNumber)
    if raises {
      text.append(static: "paid ")
      text.append(daysAgo: days)
    } else {
      text.append(static: "no payment in ")
      text.append(counted: days, "day")
    }
  }
}

extension OutputSpan<UInt8> {
  /// Adds `today`, `1 day ago`, `2 days ago`.
  @inline(__always)
  fileprivate mutating func append(daysAgo days: Int) {
    if days <= 0 { return append(static: "today") }
    append(counted: days, "day")
    append(static: " ago")
  }

  /// Adds `no day`, `1 day`, `2 days`.
  @inline(__always)
  fileprivate mutating func append(counted count: Int, _ noun: StaticString) {
    if count > 0 { append(integer: count) } else { append(static: "no") }
    append(ASCII.space)
    append(static: noun)
    if count > 1 { append(UInt8(ascii: "s")) }
  }
}
