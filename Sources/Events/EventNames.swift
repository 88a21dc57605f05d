public import Records

/// Finds out what an event means by its name.
///
///     hash of the name → slot → entry → compare → meaning
///
/// The names of the table are few and known at the start, so any number of other names costs no
/// memory.
public struct EventNames: Sendable {
  private var slots: [UInt8]
  private var names: [[UInt8]] = []
  private var meanings: [EventMeaning] = []
  private let endings: [[UInt8]]
  /// The last eight bytes of each ending; none is shorter.
  private let endingTails: [UInt64]
  private let reader: EventReader

  private static let slotCount = 1024
  /// The most names that options may add; with those of the table fewer than a byte counts.
  public static let addedMax = 100

  /// The table, with other names that mean a purchase or a passive contact.
  public init(_ reader: EventReader, purchases: [String], passive: [String]) {
    slots = Array(repeating: 0, count: EventNames.slotCount)
    endings = EventMeaning.passiveLastWords.map { Array(" \($0)".utf8) }
    endingTails = endings.map { $0.span.word(at: $0.count - 8) }
    self.reader = reader
    for row in EventMeaning.table {
      for name in row.names { set(name, row.meaning) }
    }
    for name in purchases { set(name, [.interaction, .purchase, .paid]) }
    for name in passive { set(name, .passive) }
  }

  private mutating func set(_ name: String, _ meaning: EventMeaning) {
    let padded = Array(name.utf8) + [UInt8](repeating: 0, count: 8)
    let count = padded.count - 8
    let hash = byteHash(padded.span, from: 0, to: count, seed: fingerprintSeed)
    var index = Int(truncatingIfNeeded: hash) & (EventNames.slotCount - 1)
    while slots[index] != 0 {
      let entry = Int(slots[index]) - 1
      if padded.span.equals(names[entry], from: 0, to: count) {
        meanings[entry] = meaning
        return
      }
      index = (index + 1) & (EventNames.slotCount - 1)
    }
    names.append(Array(padded.prefix(count)))
    meanings.append(meaning)
    slots[index] = UInt8(names.count)
  }

  /// The meaning of an event and the hash of its name.
  public func meaning(
    of event: Event, _ fields: [Field], in bytes: Span<UInt8>
  ) throws(RecordError) -> (meaning: EventMeaning, hash: UInt64) {
    let field = fields[event.base + reader.event]
    if field.count > 2, !field.hasEscapes, !field.hasNonASCII,
      bytes[field.start] == ASCII.quote
    {
      return meaning(bytes, from: field.start + 1, to: field.end - 1)
    }
    switch try reader.name(fields, at: event.base, in: bytes) {
    case .field(let field): return meaning(bytes, from: field.start, to: field.end)
    case .decoded(let name): return meaning(ofUnplaced: name)
    case .implicit(let implicit): return meaning(ofUnplaced: implicit.nameBytes)
    case .none: return meaning(ofUnplaced: [])
    }
  }

  /// The meaning of a name that stands there decoded; eight bytes follow it.
  @inline(__always)
  private func meaning(
    _ bytes: Span<UInt8>, from start: Int, to end: Int
  ) -> (meaning: EventMeaning, hash: UInt64) {
    let hash = byteHash(bytes, from: start, to: end, seed: fingerprintSeed)
    var index = Int(truncatingIfNeeded: hash) & (EventNames.slotCount - 1)
    while slots[index] != 0 {
      let entry = Int(slots[index]) - 1
      if bytes.equals(names[entry], from: start, to: end) { return (meanings[entry], hash) }
      index = (index + 1) & (EventNames.slotCount - 1)
    }
    guard end - start >= 8 else { return (.interaction, hash) }
    let tail = bytes.word(at: end - 8)
    for index in endingTails.indices where endingTails[index] == tail {
      let ending = endings[index]
      if end - start >= ending.count,
        bytes.equals(ending, from: end - ending.count, to: end)
      {
        return (.passive, hash)
      }
    }
    return (.interaction, hash)
  }

  /// The meaning of a name that stands in no block.
  private func meaning(ofUnplaced name: [UInt8]) -> (meaning: EventMeaning, hash: UInt64) {
    let padded = name + [UInt8](repeating: 0, count: 8)
    return meaning(padded.span, from: 0, to: name.count)
  }
}
