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

  /// Adds an id as 16 hexadecimal digits in quotes.
  static func append(_ id: UInt64, to output: inout [UInt8]) {
    output.append(addingCapacity: 18) { text in
      text.append(ASCII.quote)
      for shift in stride(from: UInt64(60), through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: id >> shift) & 15
        text.append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
      }
      text.append(ASCII.quote)
    }
  }
}
