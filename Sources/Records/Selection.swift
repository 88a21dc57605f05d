/// The top-level keys that somebody wants from every record, each with its slot.
///
///     var selection = Selection()
///     let event = selection.slot("event")      // the same slot however often it is asked for
public struct Selection: Sendable {
  /// The keys as bytes, by slot.
  public private(set) var keys: [[UInt8]] = []
  private(set) var presences: [Presence] = []

  /// Where a key is looked for in a record that is trusted to be canonical; in others everywhere.
  public enum Presence: Sendable {
    /// To the end: most records have it, or nobody knows.
    case anywhere
    /// Among the first keys, directly behind those that every record has.
    case first
    /// Nowhere: a canonical record needs it not.
    case nowhere
  }

  /// No keys.
  public init() {}

  /// The number of slots of a record.
  public var count: Int { keys.count }

  /// The slot of a key, a new one when nobody asked for it before.
  ///
  /// Who asks for it anywhere has it looked for anywhere.
  public mutating func slot(_ key: String, _ presence: Presence = .anywhere) -> Int {
    let name = Array(key.utf8)
    if let slot = keys.firstIndex(of: name) {
      if presence == .anywhere { presences[slot] = .anywhere }
      return slot
    }
    keys.append(name)
    presences.append(presence)
    return keys.count - 1
  }

  /// The slot of the key at these offsets, or -1 when nobody wants it.
  func slot(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    for slot in keys.indices where bytes.equals(keys[slot], from: start, to: end) { return slot }
    return -1
  }
}
