import Events
import Pipes
import Records

/// Ids stand in the order of their numbers, so that a resumed run gives them the same.
///
///     line = ([id][number of its root][roles])…
extension Identities {
  /// Writes all ids.
  func encode(into lines: inout Parse.Lines, _ kind: Int, _ output: inout Output) {
    lines.begin(kind)
    for number in 0..<count {
      if lines.isFull {
        lines.end(into: &output)
        lines.begin(kind)
      }
      let id = UInt32(truncatingIfNeeded: number)
      lines.state.write(persons.name(id))
      lines.state.write(UInt64(persons.root(id)))
      lines.state.write(Int(roles(of: number).rawValue))
    }
    lines.end(into: &output)
  }

  /// Reads the ids of a line, which go on behind those that are known.
  mutating func decode(_ state: inout StateReader) throws(StateError) {
    while !state.isAtEnd {
      let name = try state.text()
      let root = try state.short()
      let roles = Roles(rawValue: UInt8(try state.count(upTo: 3)))
      let next = count
      guard !name.isEmpty, Int(add(name, roles)) == next, root <= next else {
        throw StateError("an id is there twice, or of a person that is not known")
      }
      if Int(root) < next { _ = link(root, UInt32(truncatingIfNeeded: next)) }
    }
  }
}
