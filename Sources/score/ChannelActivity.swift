/// What one person did in one channel: which days, which events, how often.
///
///     days    … 0 1 1 0 0 1      bit i: active i days before the newest day; 64 days
///     kinds   [ name · 26 bits │ age · 6 bits ] × 5     age in days, as of the newest day too
///
/// What it keeps depends on the set of events alone, never on their order: the days are the last 64
/// up to the newest one, the kinds are the five used most recently (more are not counted). Both
/// reach further back than the 56 days that any component looks at, wherever `asOf` lies behind
/// the newest day. Two merge exactly.
/// Cost: 48 bytes. Two names share their 26 bits once in 67 million pairs, and then count as one.
struct ChannelActivity: Sendable, BitwiseCopyable {
  /// How many different events are told apart, at most.
  static let kindsMax = 5
  /// How many days before the newest one are remembered.
  static let reachDays = 64

  var days: UInt64 = 0
  var newestDay: Int32 = .min
  var kinds = InlineArray<5, UInt32>(repeating: 0)
  /// Interactions ever.
  var interactions: UInt32 = 0
  /// Passive contacts ever: deliveries, impressions.
  var passiveContacts: UInt32 = 0
  /// The person's next row, 0 at the last one.
  var next: UInt32 = 0
  /// The number of the channel.
  let channel: UInt8

  /// The row of a number that has no event yet.
  static let none = ChannelActivity(channel: 255)

  /// Nothing done yet.
  init(channel: Int) { self.channel = UInt8(truncatingIfNeeded: channel) }

  /// Whether the person did anything here.
  var isActive: Bool { interactions > 0 }

  /// Whether anything happened here, the person's doing or not.
  var isKnown: Bool { interactions > 0 || passiveContacts > 0 }

  /// Adds an interaction on a day; `name` is a hash of the event's name.
  mutating func interact(on day: Int32, name: UInt64) {
    interactions = interactions == .max ? .max : interactions + 1
    let age = makeRoom(for: day)
    guard age < ChannelActivity.reachDays else { return }
    days |= 1 << UInt64(age)
    remember(ChannelActivity.tag(name) | UInt32(age))
  }

  /// Adds a contact that was none of the person's doing.
  mutating func contact() {
    passiveContacts = passiveContacts == .max ? .max : passiveContacts + 1
  }

  /// Adds what another row knows.
  mutating func merge(_ other: ChannelActivity) {
    interactions = ChannelActivity.sum(interactions, other.interactions)
    passiveContacts = ChannelActivity.sum(passiveContacts, other.passiveContacts)
    guard other.isActive else { return }
    let age = makeRoom(for: other.newestDay)
    guard age < ChannelActivity.reachDays else { return }
    days |= other.days << UInt64(age)
    for index in other.kinds.indices where other.kinds[index] != 0 {
      let kind = other.kinds[index]
      if Int(kind & 63) + age < ChannelActivity.reachDays { remember(kind + UInt32(age)) }
    }
  }

  /// The number of active days from one day to another, both included.
  func activeDays(from first: Int, to last: Int) -> Int {
    guard isActive else { return 0 }
    let newest = Int(newestDay)
    let youngest = max(0, newest - last)
    let oldest = min(ChannelActivity.reachDays - 1, newest - first)
    guard youngest <= oldest else { return 0 }
    let upTo = UInt64.max >> UInt64(63 - oldest)
    return (days & upTo & (UInt64.max << UInt64(youngest))).nonzeroBitCount
  }

  /// The number of different events since a day, at most ``kindsMax``.
  func eventKinds(since first: Int) -> Int {
    let oldest = Int(newestDay) - first
    var count = 0
    for index in kinds.indices where kinds[index] != 0 && Int(kinds[index] & 63) <= oldest {
      count += 1
    }
    return count
  }

  /// Moves the newest day forward where `day` is newer.
  ///
  /// - Returns: the age of `day`.
  @inline(__always)
  private mutating func makeRoom(for day: Int32) -> Int {
    if day <= newestDay { return Int(newestDay) - Int(day) }
    let shift = Int(day) - Int(newestDay)
    newestDay = day
    days = days << UInt64(clamping: shift)
    for index in kinds.indices where kinds[index] != 0 {
      let isForgotten = Int(kinds[index] & 63) + shift >= ChannelActivity.reachDays
      kinds[index] = isForgotten ? 0 : kinds[index] + UInt32(shift)
    }
    return 0
  }

  /// Takes an event's name with its age in: the youngest are kept.
  @inline(__always)
  private mutating func remember(_ kind: UInt32) {
    var oldest = 0
    var oldestAge = -1
    for index in kinds.indices {
      if kinds[index] >> 6 == kind >> 6 {
        kinds[index] = min(kinds[index], kind)
        return
      }
      // A free place counts as older than any age.
      let age = kinds[index] == 0 ? ChannelActivity.reachDays : Int(kinds[index] & 63)
      if age > oldestAge { (oldest, oldestAge) = (index, age) }
    }
    if Int(kind & 63) < oldestAge { kinds[oldest] = kind }
  }

  /// The 26 bits that tell a name, never zero, in their place.
  private static func tag(_ name: UInt64) -> UInt32 {
    max(UInt32(truncatingIfNeeded: name >> 38), 1) << 6
  }

  private static func sum(_ one: UInt32, _ other: UInt32) -> UInt32 {
    let (sum, overflow) = one.addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
