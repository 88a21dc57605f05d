import Events
import Records

/// The name of a message: its `event`, else the one that its type has.
struct EventName {
  /// The value of `event` with its quotes, absent where the type names the event.
  let field: Field
  /// The name of the type as JSON.
  let typeName: StaticString

  private static let page = KeyWord("page")
  private static let screen = KeyWord("screen")
  private static let identify = KeyWord("identify")
  private static let group = KeyWord("group")
  private static let alias = KeyWord("alias")

  /// The name of a message whose `event` and `type` are these.
  ///
  /// - Throws: where it has none: only page, screen, identify, group and alias can do without.
  @inline(__always)
  init(event: Field, type: Field, in bytes: Span<UInt8>, line: Int) throws(RecordError) {
    if event.count > 2, bytes[event.start] == ASCII.quote {
      field = event
      typeName = ""
      return
    }
    field = .absent
    guard let name = EventName.name(ofType: type, in: bytes) else {
      throw EventName.missing(event, in: bytes, line: line)
    }
    typeName = name
  }

  /// Whether a type is that of messages which join ids.
  static func isAlias(_ type: Field, in bytes: Span<UInt8>) -> Bool {
    type.kind(in: bytes) == .string && KeyWord(bytes, key: type) == alias
  }

  private static func name(ofType type: Field, in bytes: Span<UInt8>) -> StaticString? {
    guard type.kind(in: bytes) == .string else { return nil }
    switch KeyWord(bytes, key: type) {
    case page: return "\"Page Viewed\""
    case screen: return "\"Screen Viewed\""
    case identify: return "\"Identified\""
    case group: return "\"Grouped\""
    case alias: return "\"Aliased\""
    default: return nil
    }
  }

  private static func missing(_ event: Field, in bytes: Span<UInt8>, line: Int) -> RecordError {
    switch event.kind(in: bytes) {
    case .absent: RecordError("no event name", at: line)
    case .null, .string: RecordError("no event name: event is empty", at: event.start)
    default: RecordError("no event name: event is no text", at: event.start)
    }
  }
}
