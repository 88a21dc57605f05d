import Records

/// The members that parse looks at, each with its number: first the keys of the top level.
///
/// The first seven are those of the canonical head, in the order in which they are written.
enum Slot {
  static let event = 0
  static let userId = 1
  static let anonymousId = 2
  static let timestamp = 3
  static let channel = 4
  static let trafficSource = 5
  static let bot = 6
  static let type = 7
  static let originalTimestamp = 8
  static let sentAt = 9
  static let receivedAt = 10
  static let messageId = 11
  static let context = 12
  static let properties = 13
  static let session = 14
  static let sessionId = 15
  static let segments = 16
  static let stage = 17
  static let batch = 18

  /// The names by slot.
  static let names = [
    "event", "userId", "anonymousId", "timestamp", "channel", "trafficSource", "bot", "type",
    "originalTimestamp", "sentAt", "receivedAt", "messageId", "context", "properties", "session",
    "sessionId", "segments", "stage", "batch",
  ]

  static let page = 19
  static let url = 20
  static let referrer = 21
  static let search = 22
  static let userAgent = 23
  static let library = 24
  static let libraryName = 25
  static let campaign = 26
  /// The first of ``CampaignParameters/names``; the others follow.
  static let campaignMember = 27
  /// The page of a page message, which may stand in its properties.
  static let propertiesURL = 38
  static let propertiesReferrer = 39
  static let propertiesSearch = 40

  /// The members with these numbers as slots.
  static var wanted: WantedMembers {
    var wanted = WantedMembers()
    for name in names { wanted.slot(name) }
    wanted.slot("context", "page")
    for name in ["url", "referrer", "search"] { wanted.slot("context", "page", name) }
    wanted.slot("context", "userAgent")
    wanted.slot("context", "library")
    wanted.slot("context", "library", "name")
    wanted.slot("context", "campaign")
    for name in CampaignParameters.names { wanted.slot("context", "campaign", name) }
    for name in ["url", "referrer", "search"] { wanted.slot("properties", name) }
    return wanted
  }
}

/// Some slots, a bit each.
struct SlotSet {
  private(set) var bits: UInt32 = 0

  var isEmpty: Bool { bits == 0 }

  /// The same with one more.
  @inline(__always)
  func with(_ slot: Int) -> SlotSet {
    var set = self
    set.insert(slot)
    return set
  }

  @inline(__always)
  mutating func insert(_ slot: Int) { bits |= 1 << UInt32(slot) }

  /// Whether a slot is among them; the slot of a key that nobody wants, -1, never is.
  @inline(__always)
  func contains(_ slot: Int32) -> Bool {
    slot >= 0 && bits >> UInt32(bitPattern: slot) & 1 == 1
  }
}
