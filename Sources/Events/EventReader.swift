public import Records

/// Reads what makes a record an event: its time, its person's ids, whether it is a crawler's.
///
/// An event is a message of the Segment spec. Its time is `timestamp`, else `originalTimestamp`,
/// else `sentAt`, else `receivedAt`; its person is `userId`, else `anonymousId`, or the value of
/// another path.
public struct EventReader: Sendable {
  /// The slot of `event`.
  public let event: Int
  /// The slot of `type`.
  public let type: Int
  /// The slot of `messageId`.
  public let messageId: Int
  private let firstTime: Int
  private let otherTimes: [Int]
  private let userId: Int
  private let anonymousId: Int
  private let previousId: Int
  private let bot: Int
  private let key: FieldPath?

  /// A reader whose keys are entered into a selection.
  ///
  /// - Parameter key: the path of the person's id, `nil` for `userId` and `anonymousId`.
  public init(_ selection: inout Selection, key: String? = nil) {
    event = selection.slot("event")
    firstTime = selection.slot("timestamp")
    userId = selection.slot("userId", .first)
    anonymousId = selection.slot("anonymousId", .first)
    previousId = selection.slot("previousId", .first)
    bot = selection.slot("bot", .first)
    type = selection.slot("type", .first)
    // Canonical records have a timestamp instead.
    otherTimes = ["originalTimestamp", "sentAt", "receivedAt"].map {
      selection.slot($0, .nowhere)
    }
    // Who uses fingerprints asks for it.
    messageId = selection.slot("messageId", .nowhere)
    self.key = key.map { FieldPath($0, in: &selection) }
  }

  /// The moment of a record.
  ///
  /// - Parameters:
  ///   - line: offset of the record, told where it has no time.
  ///   - day: the day of the record before.
  public func time(
    _ fields: Span<Field>, at base: Int, in bytes: Span<UInt8>, line: Int, day: inout RecentDay
  ) throws(RecordError) -> Moment {
    let first = fields[base + firstTime]
    if first.isPresent {
      if bytes[first.start] == ASCII.quote,
        let moment = day.moment(rfc3339: bytes, from: first.start + 1, to: first.end - 1)
      {
        return moment
      }
      if let moment = try moment(first, in: bytes, &day) { return moment }
    }
    for slot in otherTimes {
      let field = fields[base + slot]
      guard field.isPresent else { continue }
      if let moment = try moment(field, in: bytes, &day) { return moment }
    }
    throw RecordError("no time", at: line)
  }

  /// The moment that a field gives, `nil` for `null`.
  private func moment(
    _ field: Field, in bytes: Span<UInt8>, _ day: inout RecentDay
  ) throws(RecordError) -> Moment? {
    switch field.kind(in: bytes) {
    case .string:
      if let moment = day.moment(rfc3339: bytes, from: field.start + 1, to: field.end - 1) {
        return moment
      }
    case .number:
      if let number = DecimalNumber(bytes, from: field.start, to: field.end),
        let moment = Moment(epochNumber: number)
      {
        return moment
      }
    case .null: return nil
    default: break
    }
    throw RecordError("bad time", at: field.start)
  }

  /// Whether the record has `bot` set.
  public func isBot(_ fields: Span<Field>, at base: Int, in bytes: Span<UInt8>) -> Bool {
    fields[base + bot].kind(in: bytes) == .true
  }

  /// The ids of a record, decoded where they have escapes.
  public func ids(
    _ fields: Span<Field>, at base: Int, in bytes: Span<UInt8>
  ) throws(RecordError) -> EventIds {
    if let key {
      let field: Field
      do { field = try key.field(fields, at: base, in: bytes) } catch { throw RecordError(error) }
      return EventIds(user: try id(field, in: bytes), anonymous: .absent, previous: .absent)
    }
    let user = try id(fields[base + userId], in: bytes)
    let anonymous = try id(fields[base + anonymousId], in: bytes)
    var previous = Field.absent
    if fields[base + previousId].isPresent, isAlias(fields, at: base, in: bytes) {
      previous = try id(fields[base + previousId], in: bytes)
    }
    return EventIds(user: user, anonymous: anonymous, previous: previous)
  }

  private func isAlias(_ fields: Span<Field>, at base: Int, in bytes: Span<UInt8>) -> Bool {
    let field = fields[base + type]
    return field.isPresent && bytes.equals(EventReader.alias, from: field.start, to: field.end)
  }

  private static let alias = Array("\"alias\"".utf8)

  /// The stretch of an id: a string's content, a number's digits, the absent field for none.
  @inline(__always)
  private func id(_ field: Field, in bytes: Span<UInt8>) throws(RecordError) -> Field {
    guard field.isPresent else { return .absent }
    if field.count > 2, !field.hasEscapes, !field.hasNonASCII, bytes[field.start] == ASCII.quote {
      return Field(start: field.start + 1, end: field.end - 1)
    }
    return try otherId(field, in: bytes)
  }

  private func otherId(_ field: Field, in bytes: Span<UInt8>) throws(RecordError) -> Field {
    switch field.kind(in: bytes) {
    case .string:
      if field.hasEscapes || field.hasNonASCII {
        do { try field.validateString(in: bytes) } catch { throw RecordError(error) }
      }
      return field.count == 2
        ? .absent
        : Field(start: field.start + 1, end: field.end - 1, hasEscapes: field.hasEscapes)
    case .number: return field
    case .null, .absent: return .absent
    default:
      throw RecordError("bad id: neither a string nor a number", at: field.start)
    }
  }

  /// The fingerprint that orders events of equal time: of the `messageId`, else of the line.
  ///
  /// Different lines of one `messageId` differ in the lower half, so that they have an order too.
  public func fingerprint(_ event: Event, in block: borrowing Block) -> UInt64 {
    let field = block.fields[event.base + messageId]
    let bytes = block.bytes.span
    let line = byteHash(bytes, from: event.start, to: event.end, seed: fingerprintSeed)
    guard field.kind(in: bytes) == .string, field.count > 2 else { return line }
    let message = byteHash(
      bytes, from: field.start + 1, to: field.end - 1, seed: fingerprintSeed)
    let lowerHalf: UInt64 = 0xFFFF_FFFF
    return message & ~lowerHalf | line & lowerHalf
  }
}

/// The ids of one event: stretches of the block without quotes, absent where there is none.
public struct EventIds: Sendable, BitwiseCopyable {
  /// The `userId`, or the value of `--key`.
  public let user: Field
  /// The `anonymousId`.
  public let anonymous: Field
  /// The `previousId` of an alias message.
  public let previous: Field

  /// The ids of an event that has none.
  public static let none = EventIds(user: .absent, anonymous: .absent, previous: .absent)
}
