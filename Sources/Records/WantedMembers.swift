/// The members that somebody wants of every record, at any depth, each with its slot.
///
///     place 0  the record     event → slot 0      context → slot 1, its object is place 1
///     place 1  context        page → slot 2, its object is place 2
///     place 2  context.page   url → slot 3
///
/// A place is an object of which some member is wanted; all others need no names.
public struct WantedMembers: Sendable {
  /// The place of an object that nobody looks into.
  static let noPlace = -1

  /// A wanted member of a place.
  struct Want: Sendable {
    let key: [UInt8]
    let slot: Int
    /// The place of its object.
    var inner = WantedMembers.noPlace
  }

  /// The wanted members by place.
  private(set) var places: [[Want]] = [[]]
  /// How many slots there are.
  public private(set) var count = 0

  /// No members.
  public init() {}

  /// Those of a selection, with its slots.
  public init(_ selection: Selection) {
    places[0] = selection.keys.indices.map { Want(key: selection.keys[$0], slot: $0) }
    count = selection.count
  }

  /// The slot of the member at the end of a path; what lies on the way has slots too.
  @discardableResult
  public mutating func slot(_ path: String...) -> Int { slot(of: path) }

  /// The same of a path that is known only as the program runs; it has at least one key.
  public mutating func slot(of path: [String]) -> Int {
    var place = 0
    var slot = -1
    for (level, name) in path.enumerated() {
      let key = Array(name.utf8)
      let found = places[place].firstIndex { $0.key == key }
      let index = found ?? places[place].count
      if found == nil {
        places[place].append(Want(key: key, slot: count))
        count += 1
      }
      slot = places[place][index].slot
      if level + 1 < path.count {
        if places[place][index].inner == WantedMembers.noPlace {
          places[place][index].inner = places.count
          places.append([])
        }
        place = places[place][index].inner
      }
    }
    return slot
  }

  /// What is wanted under the key at these offsets of a place, `nil` for nothing.
  func want(_ bytes: Span<UInt8>, from start: Int, to end: Int, at place: Int) -> Want? {
    places[place].first { bytes.equals($0.key, from: start, to: end) }
  }
}
