/// One person, with the times of what is to come.
///
///     visits     landing ─ page ─ page ─ (signs up)            landing ─ …
///     journey            └ viewed ─ added ─ checkout ─ payment ─ order      ┄┄ repeat orders
///     letters                               delivered ─ opened ─ clicked    delivered ─ …
///     service                                       ticket ─ solved         survey
///
/// The four run side by side; the earliest is the person's next event. Each person draws from a
/// stream of its own, so that no person depends on another.
struct Person: Sendable {
  /// No time: never.
  static let never = Int64.max

  /// What the next message of a kind is.
  enum Letter: UInt8, Sendable {
    case delivered
    case opened
    case clicked
  }

  /// What comes next from support and surveys.
  enum Service: UInt8, Sendable {
    case ticket
    case solution
    case survey
  }

  /// What stands between the second and the third step.
  enum Interlude: UInt8, Sendable {
    case none
    case cart
    case signUp
  }

  /// The number of the person.
  let number: Int32
  var stream: RandomStream
  /// The next page, or the next visit where no pages are left.
  var visitTime: Int64
  /// Mean time between visits, in milliseconds.
  var visitGap: Double
  /// The next step of the funnel.
  var journeyTime = Person.never
  /// The next letter.
  var mailTime = Person.never
  /// The next ticket, solution or survey.
  var serviceTime = Person.never
  /// Mean time between orders, in milliseconds.
  var orderGap = 0.0
  /// Chance to be lost after a repeat order.
  var dropout = 0.0
  /// Mean order value divided by the shape, in the currency.
  var orderScale = 0.0
  /// Journeys begun, the running one too.
  var journeys: Int32 = 0
  /// Pages left in this visit.
  var pagesLeft: UInt8 = 0
  /// Steps taken in this journey.
  var step: UInt8 = 0
  var interlude = Interlude.none
  var letter = Letter.delivered
  var service = Service.ticket
  /// The plan, 0 before sign-up.
  var plan: UInt8 = 0
  /// The model of the usual device.
  var device: UInt8
  /// The model of the other device.
  var otherDevice: UInt8
  /// The language, which decides nothing else.
  var locale: UInt8
  /// Where the visit comes from.
  var source: UInt8 = 0
  /// The product of this journey.
  var product: UInt8 = 0
  /// The category that the person likes best.
  var favourite: UInt8
  /// The number of the planted group, 0 for none.
  let group: UInt8
  /// Whether any visit was made.
  var hasVisited = false
  /// Whether this visit is on the other device.
  var isElsewhere = false
  /// Whether the person signs in on the next page.
  var signsIn = false
  /// Whether the person signs up on the last page of this visit.
  var signsUpNow = false

  /// A person who comes for the first time some time in the period.
  init(_ number: Int, in scenario: Scenario) {
    self.number = Int32(number)
    group = scenario.plantsGroups ? UInt8(number % PlantedGroup.all.count + 1) : 0
    stream = RandomStream(seed: scenario.seed, .person, number)
    let period = Double(scenario.end - scenario.start) * Scenario.arrivalShare
    visitTime = scenario.start + Int64(stream.uniform() * period)
    visitGap = stream.paretoVariate(
      shape: scenario.activityShape, most: Scenario.activityMost)
    device = UInt8(Device.drawn(&stream))
    otherDevice = UInt8(stream.below(Device.webCount))
    if otherDevice == device { otherDevice = UInt8((Int(device) + 1) % Device.webCount) }
    locale = UInt8(stream.below(Locale.all.count))
    favourite = UInt8(stream.below(Product.categories.count))
    if let planted { follow(planted) }
  }

  /// What the person's group does; `nil` where none is planted.
  var planted: PlantedGroup? { group == 0 ? nil : PlantedGroup.all[Int(group) - 1] }

  /// Takes over the device and the hours of a group.
  private mutating func follow(_ planted: PlantedGroup) {
    while Device.isApp(Int(device)) != planted.usesApp { device = UInt8(Device.drawn(&stream)) }
    visitGap *= planted.activity
    visitTime = planted.visitTime(from: visitTime, place: stream.uniform())
  }

  /// The time of the next event.
  var nextTime: Int64 {
    @inline(__always) get { min(min(visitTime, journeyTime), min(mailTime, serviceTime)) }
  }

  /// Whether the person has a user id.
  var isSignedUp: Bool { plan != 0 }

  /// Does what is next.
  mutating func act(in scenario: Scenario) -> Occurrence {
    let time = nextTime
    if time == visitTime { return visit(in: scenario) }
    if time == journeyTime { return travel(in: scenario) }
    if time == mailTime { return readMail() }
    return beServed()
  }

  /// An event of this person.
  func occurrence(_ kind: EventKind, at time: Int64) -> Occurrence {
    var occurrence = Occurrence(kind: kind, time: time, number: Int(number))
    occurrence.device = Int(device)
    occurrence.locale = Int(locale)
    occurrence.plan = Int(plan)
    occurrence.source = Int(source)
    occurrence.group = Int(group)
    return occurrence
  }

  /// The ids of an event in a browser or an app: anonymous before sign-up, then both or the user's.
  mutating func identity() -> Occurrence.Identity {
    guard isSignedUp else { return .anonymous }
    return stream.next() & 1 == 0 ? .both : .user
  }

  /// Gets a user id and a plan; letters and tickets become possible.
  mutating func signUp(at time: Int64, to occurrence: inout Occurrence) {
    var rest = stream.uniform()
    plan = 1
    while plan < 3, rest >= Scenario.plans[Int(plan)] {
      rest -= Scenario.plans[Int(plan)]
      plan += 1
    }
    mailTime = time + stream.wait(mean: Scenario.mailGap)
    if service == .ticket { serviceTime = time + stream.wait(mean: Scenario.ticketGap) }
    occurrence.plan = Int(plan)
    occurrence.identity = .both
    occurrence.place = Place.signUp
  }
}
