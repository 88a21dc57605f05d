import Events
import Records

/// The messages that came lately, for `--dedupe`: by `messageId`, else by the bytes of the line.
///
/// A message is a repetition when one of the same id came before and the times of both are no
/// further apart than the window. An id that comes again later is a new message.
struct RecentMessages {
  private static let messagesMax = 1 << 22
  private static let idSalt: UInt64 = 0x9E37_79B9_7F4A_7C15

  var table: RecentTable
  var seeds: (UInt64, UInt64)
  /// Whether more came within the window than are remembered.
  var isOverfull: Bool { table.isOverfull }
  /// How many are remembered at least.
  static var remembered: Int { messagesMax }

  init(windowMilliseconds: Int64) {
    table = RecentTable(
      windowMilliseconds: windowMilliseconds, entriesMax: RecentMessages.messagesMax)
    var generator = SystemRandomNumberGenerator()
    seeds = (generator.next(), generator.next())
  }

  /// Whether a message came before; it is remembered.
  ///
  /// - Parameter line: the key of its line, for a message without an id.
  mutating func isRepeated(
    id: Field, time: Moment, in bytes: Span<UInt8>, line: RecentTable.Key
  ) -> Bool {
    let key: RecentTable.Key
    if id.hasEscapes {
      let decoded = unescaped(bytes, from: id.start + 1, to: id.end - 1)
      let padded = decoded + [UInt8](repeating: 0, count: 8)
      key = self.key(padded.span, from: 0, to: decoded.count, salt: RecentMessages.idSalt)
    } else if id.isPresent, bytes[id.start] == ASCII.quote, id.count > 2 {
      key = self.key(bytes, from: id.start + 1, to: id.end - 1, salt: RecentMessages.idSalt)
    } else if id.kind(in: bytes) == .number {
      key = self.key(bytes, from: id.start, to: id.end, salt: RecentMessages.idSalt)
    } else {
      key = line
    }
    if let entry = table.entry(key) {
      let gap = time.milliseconds - entry.time.milliseconds
      if abs(gap) <= table.windowMilliseconds { return true }
    }
    table.set(key, time: time, number: 0, at: time)
    return false
  }

  /// The key of a line, or of a message within one.
  func key(line bytes: Span<UInt8>, from start: Int, to end: Int) -> RecentTable.Key {
    key(bytes, from: start, to: end, salt: 0)
  }

  private func key(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, salt: UInt64
  ) -> RecentTable.Key {
    RecentTable.Key(
      low: byteHash(bytes, from: start, to: end, seed: seeds.0 ^ salt),
      high: byteHash(bytes, from: start, to: end, seed: seeds.1 ^ salt))
  }
}
