import Events
import Records

/// Names sessions: the same events give the same ids, on any machine.
///
///     userId, else anonymousId, of the first event  +  its time  →  "9c1e5f0a77d2b318"
///
/// Where a session begins at the very moment of the one before, as with another campaign, it counts one on.
struct SessionId: Sendable {
  private let reader: EventReader

  init(_ reader: EventReader) { self.reader = reader }

  /// What stands for the id that an event gives its person.
  func person(of event: Event, in block: Block) throws(RecordError) -> UInt32 {
    let bytes = block.bytes.span
    let ids = try reader.ids(block.fields.span, at: event.base, in: bytes)
    let id = ids.user.isPresent ? ids.user : ids.anonymous
    guard id.hasEscapes else {
      return Self.short(byteHash(bytes, from: id.start, to: id.end, seed: fingerprintSeed))
    }
    let text = unescaped(bytes, from: id.start, to: id.end) + [UInt8](repeating: 0, count: 8)
    return Self.short(byteHash(text.span, from: 0, to: text.count - 8, seed: fingerprintSeed))
  }

  private static func short(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

  /// The id of the session that begins with an event of such a person at a moment.
  static func id(_ person: UInt32, at time: Int64) -> UInt64 {
    // Each step can be undone, so that two times of one person never give one id.
    var word = UInt64(bitPattern: time) ^ UInt64(person) << 32
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  /// How many bytes an id is written in.
  static let textBytes = 18

  /// Adds an id as 16 hexadecimal digits in quotes.
  static func append(_ id: UInt64, to output: inout OutputSpan<UInt8>) {
    output.append(ASCII.quote)
    output.append(word: digits(UInt32(truncatingIfNeeded: id >> 32)))
    output.append(word: digits(UInt32(truncatingIfNeeded: id)))
    output.append(ASCII.quote)
  }

  /// Eight hexadecimal digits, the first in the lowest byte.
  ///
  ///     89ABCDEF  →  halves apart  →  bytes apart  →  0F 0E … 08, a byte each, turned round  →  "89abcdef"
  private static func digits(_ number: UInt32) -> UInt64 {
    var word = UInt64(number)
    word = (word | word << 16) & 0x0000_FFFF_0000_FFFF
    word = (word | word << 8) & 0x00FF_00FF_00FF_00FF
    word = (word | word << 4) & 0x0F0F_0F0F_0F0F_0F0F
    word = word.byteSwapped
    // One in each byte of ten or more, which is a letter.
    let letters = ((word + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
    return word + 0x3030_3030_3030_3030 + letters * 39
  }
}
