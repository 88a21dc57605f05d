/// Where the parts of one record lie.
public struct RecordParts: Sendable {
  /// The wanted members, by slot.
  var fields: [Field]
  /// The members of the top level, and room for more.
  var room = [Member](
    repeating: Member(slot: -1, start: 0, value: .absent), count: 64)
  /// How many of them there are.
  var memberCount = 0

  /// Room for those of a record.
  public init(_ wanted: WantedMembers) {
    fields = Array(repeating: .absent, count: wanted.count)
  }

  /// Makes room for so many members.
  mutating func makeRoom(_ count: Int) {
    if count > room.count { room.append(contentsOf: repeatElement(room[0], count: count)) }
  }
}
