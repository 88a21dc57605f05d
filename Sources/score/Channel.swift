import Events
import Pipes
import Records

/// The touchpoints that `parse` names, each with a small number, and one for all others.
enum Channel {
  /// The names by number; all are shorter than eight bytes.
  static let names: [StaticString] = [
    "web", "mobile", "email", "social", "ads", "push", "sms", "survey", "support", "shop", "crm",
  ]
  /// The number of an event without a channel, or with one that `parse` does not know.
  static let other = names.count
  /// How many numbers there are, the one for all others included.
  static let count = names.count + 1
}

/// A set of channels; bit i stands for the channel of that number.
struct ChannelSet: BitwiseCopyable {
  private var bits: UInt32

  init(bits: UInt32) { self.bits = bits }

  /// Takes the channel with the lowest number out, `nil` where there is none.
  mutating func popFirst() -> Int? {
    guard bits != 0 else { return nil }
    defer { bits &= bits - 1 }
    return bits.trailingZeroBitCount
  }
}

/// Reads the channel of events.
struct ChannelReader: Sendable {
  private let slot: Int
  /// The names as words, their first byte lowest, zeros behind them.
  private let words: [UInt64]

  /// A reader whose key is entered into a selection.
  init(_ selection: inout Selection) {
    slot = selection.slot("channel")
    words = Channel.names.map { name in
      name.description.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// The number of an event's channel.
  @inline(__always)
  func channel(of event: Event, in block: Block) -> Int {
    let field = block.fields[event.base + slot]
    let letterCount = field.count - 2
    guard field.isPresent, letterCount > 0, letterCount < 8 else { return Channel.other }
    let bytes = block.bytes.span
    guard bytes[field.start] == ASCII.quote else { return Channel.other }
    let mask = (UInt64(1) << UInt64(letterCount * 8)) &- 1
    let word = bytes.word(at: field.start + 1) & mask
    for number in words.indices where words[number] == word { return number }
    return Channel.other
  }
}
