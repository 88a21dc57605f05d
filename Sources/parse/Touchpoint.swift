import Records

/// The touchpoint of an event, `channel`: what the source says, else what the message shows.
///
///     type screen → mobile     "Email Opened" → email     library analytics.js → web
struct Touchpoint {
  /// The channels that count as touchpoints.
  static let names = [
    "web", "mobile", "email", "social", "ads", "push", "sms", "survey", "support", "shop", "crm",
  ]

  private let words = Touchpoint.names.map { KeyWord($0) }
  /// The last of them that was met; most messages are of the same one as the one before.
  private var lastWord = KeyWord("web")
  /// The last library that was met, as JSON, and its channel.
  private var lastLibrary: [UInt8] = []
  private var lastLibraryChannel: StaticString?
  private let screen = KeyWord("screen")
  private let page = KeyWord("page")
  /// How the names of semantic events begin, with the channel that they belong to.
  private static let events: [(prefix: [UInt8], channel: StaticString)] = [
    (Array("\"Email ".utf8), "\"email\""), (Array("\"Push Notification ".utf8), "\"push\""),
    (Array("\"SMS ".utf8), "\"sms\""), (Array("\"Survey ".utf8), "\"survey\""),
    (Array("\"Ticket ".utf8), "\"support\""),
    (Array("\"Application ".utf8), "\"mobile\""), (Array("\"Screen Viewed\"".utf8), "\"mobile\""),
    (Array("\"Page Viewed\"".utf8), "\"web\""),
  ]
  private static let libraries: [(word: String, channel: StaticString)] = [
    ("javascript", "\"web\""), ("analytics.js", "\"web\""), ("analytics-next", "\"web\""),
    ("posthog-js", "\"web\""), ("web", "\"web\""),
    ("ios", "\"mobile\""), ("android", "\"mobile\""), ("react-native", "\"mobile\""),
    ("flutter", "\"mobile\""), ("swift", "\"mobile\""), ("kotlin", "\"mobile\""),
  ]

  /// Whether a value is the name of a touchpoint.
  mutating func isTouchpoint(_ field: Field, in bytes: Span<UInt8>) -> Bool {
    guard bytes[field.start] == ASCII.quote, !field.hasEscapes else { return false }
    let word = KeyWord(bytes, key: field)
    if word == lastWord { return true }
    guard words.contains(word) else { return false }
    lastWord = word
    return true
  }

  /// The touchpoint that a message shows as JSON, `nil` for none.
  mutating func derived(
    event: EventName, type: Field, facts: PageFacts, in bytes: Span<UInt8>
  ) -> StaticString? {
    if event.field.isPresent {
      for (prefix, channel) in Touchpoint.events
      where event.field.count >= prefix.count
        && bytes.equals(prefix, from: event.field.start, to: event.field.start + prefix.count)
      {
        return channel
      }
    }
    if type.kind(in: bytes) == .string {
      let word = KeyWord(bytes, key: type)
      if word == screen { return "\"mobile\"" }
      if word == page { return "\"web\"" }
    }
    if facts.libraryName.isPresent, let channel = channel(ofLibrary: facts.libraryName, bytes) {
      return channel
    }
    return facts.hasPage ? "\"web\"" : nil
  }

  /// The touchpoint of the library that sent a message.
  private mutating func channel(ofLibrary name: Field, _ bytes: Span<UInt8>) -> StaticString? {
    if bytes.equals(lastLibrary, from: name.start, to: name.end) { return lastLibraryChannel }
    lastLibrary = bytes.copy(from: name.start, to: name.end)
    let word = lastLibrary.map(\.lowercased)
    lastLibraryChannel = Touchpoint.libraries.first { word.contains($0.word) }?.channel
    return lastLibraryChannel
  }
}
