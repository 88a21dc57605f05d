import Events

/// Who came in a partial result: where the order of a person's events counts, all of them are in one
/// part, and nobody comes in another one or beside it.
struct MergedIds: Sendable {
  /// By the number of an id.
  private var isMerged: [Bool] = []

  /// What is said of somebody who came twice.
  static func message(_ id: [UInt8]) -> String {
    "'\(String(decoding: id, as: UTF8.self))' has events in another part: where expressions look back,"
      + " and with --period, all events of a person are in one part"
  }

  /// Somebody came in a part.
  mutating func insert(_ id: UInt32) {
    while isMerged.count <= Int(id) { isMerged.append(false) }
    isMerged[Int(id)] = true
  }

  /// Whether an id, or the person that it stands for, came in a part.
  func contains(_ id: UInt32) -> Bool { Int(id) < isMerged.count && isMerged[Int(id)] }

  /// Two persons turned out to be one.
  mutating func link(_ link: Persons.Link) {
    if contains(link.absorbed) { insert(link.kept) }
  }
}
