/// The top-level keys that somebody wants from every record, each with its slot.
///
///     var selection = Selection()
///     let event = selection.slot("event")      // the same slot however often it is asked for
public struct Selection: Sendable {
  /// The keys as bytes, by slot.
  public private(set) var keys: [[UInt8]] = []
  /// Whether each was asked for as one that most records have.
  private(set) var areUsual: [Bool] = []

  /// No keys.
  public init() {}

  /// The number of slots of a record.
  public var count: Int { keys.count }

  /// The slot of a key, a new one when nobody asked for it before.
  ///
  /// - Parameter isUsual: whether to look for it to the end of a record that is trusted to be
  ///   canonical. What is not usual is seen there only among the first keys.
  public mutating func slot(_ key: String, isUsual: Bool = true) -> Int {
    let name = Array(key.utf8)
    if let slot = keys.firstIndex(of: name) {
      if isUsual { areUsual[slot] = true }
      return slot
    }
    keys.append(name)
    areUsual.append(isUsual)
    return keys.count - 1
  }

  /// The slot of the key at these offsets, or -1 when nobody wants it.
  func slot(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    for slot in keys.indices where bytes.equals(keys[slot], from: start, to: end) { return slot }
    return -1
  }
}
