import Events
import Records

/// A record scanned for what an event reader asks of it.
struct Message {
  let block: Block
  let reader: EventReader
  let event: Event

  /// Scans a line that must be a JSON object.
  init(_ line: String, key: String? = nil) throws {
    var selection = Selection()
    reader = EventReader(&selection, key: key)
    var scanner = Scanner(selection, check: .structure)
    var block = Block()
    block.bytes = Array(line.utf8) + [ASCII.newline]
    let end = block.bytes.count - 1
    block.bytes += [UInt8](repeating: 0, count: Scanner.paddingBytes)
    block.fields = Array(repeating: .absent, count: selection.count)
    let bytes = block.bytes
    _ = try scanner.scan(bytes.span, from: 0, into: &block.fields, at: 0)
    self.block = block
    event = Event(start: 0, end: end, base: 0, time: .distantPast)
  }

  /// The moment in milliseconds, or the reason that there is none and its column.
  var time: String {
    do {
      var day = RecentDay()
      let moment = try reader.time(
        block.fields.span, at: 0, in: block.bytes.span, line: 0, day: &day)
      return String(moment.milliseconds)
    } catch { return "\(error.reason) \(error.offset + 1)" }
  }

  /// The ids as `user anonymous previous`, `–` for none, decoded; or the reason that they are bad.
  var ids: String {
    do {
      let ids = try reader.ids(block.fields.span, at: 0, in: block.bytes.span)
      return [ids.user, ids.anonymous, ids.previous].map { field in
        guard field.isPresent else { return "–" }
        let decoded =
          field.hasEscapes
          ? unescaped(block.bytes.span, from: field.start, to: field.end)
          : block.bytes.span.copy(from: field.start, to: field.end)
        return String(decoding: decoded, as: UTF8.self)
      }.joined(separator: " ")
    } catch { return "\(error.reason) \(error.offset + 1)" }
  }

  /// The bytes of the person's id, decoded.
  var userBytes: [UInt8]? {
    guard let ids = try? reader.ids(block.fields.span, at: 0, in: block.bytes.span),
      ids.user.isPresent
    else { return nil }
    return unescaped(block.bytes.span, from: ids.user.start, to: ids.user.end)
  }

  /// Whether the event has this name.
  func isNamed(_ name: String) -> Bool {
    let bytes = block.bytes.span
    return (try? reader.name(block.fields, at: 0, in: bytes).equals(Array(name.utf8), in: bytes))
      ?? false
  }
}
