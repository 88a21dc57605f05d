public import Records

/// The touchpoints that `parse` names, each with a small number, and one for all others.
public enum Channel {
  /// The names by number; all are shorter than eight bytes.
  public static let names: [StaticString] = [
    "web", "mobile", "email", "social", "ads", "push", "sms", "survey", "support", "shop", "crm",
  ]
  /// The number of an event without a channel, or with one that `parse` does not know.
  public static let other = names.count
  /// How many numbers there are, the one for all others included.
  public static let count = names.count + 1
}

/// Reads the channel of events.
public struct ChannelReader: Sendable {
  private let slot: Int
  /// The names as words, their first byte lowest, zeros behind them.
  private let words: [UInt64]

  /// A reader whose key is entered into a selection.
  public init(_ selection: inout Selection) {
    slot = selection.slot("channel")
    words = Channel.names.map { name in
      name.description.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// The number of an event's channel.
  public func channel(of event: Event, _ fields: [Field], in bytes: Span<UInt8>) -> Int {
    let field = fields[event.base + slot]
    let letterCount = field.count - 2
    guard field.isPresent, letterCount > 0, letterCount < 8 else { return Channel.other }
    guard bytes[field.start] == ASCII.quote else { return Channel.other }
    let mask = (UInt64(1) << UInt64(letterCount * 8)) &- 1
    let word = bytes.word(at: field.start + 1) & mask
    for number in words.indices where words[number] == word { return number }
    return Channel.other
  }
}
