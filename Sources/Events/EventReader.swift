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
  @usableFromInline let firstTime: Int
  /// The slots of a record's times, the one that counts first.
  private let times: [Int]
  @usableFromInline let userId: Int
  @usableFromInline let anonymousId: Int
  @usableFromInline let previousId: Int
  @usableFromInline let bot: Int
  private let key: FieldPath?
  @usableFromInline let hasKey: Bool

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
    let otherTimes = ["originalTimestamp", "sentAt", "receivedAt"].map {
      selection.slot($0, .nowhere)
    }
    times = [firstTime] + otherTimes
    // Who uses fingerprints asks for it.
    messageId = selection.slot("messageId", .nowhere)
    self.key = key.map { FieldPath($0, in: &selection) }
    hasKey = key != nil
  }

  /// The moment of a record.
  ///
  /// - Parameters:
  ///   - line: offset of the record, told where it has no time.
  ///   - day: the day of the record before.
  @inlinable @inline(__always)
  public func time(
    _ fields: Span<Field>, at base: Int, in bytes: Span<UInt8>, line: Int, day: inout RecentDay
  ) throws(RecordError) -> Moment {
    let first = fields[base &+ firstTime]
    if first.count == 26, bytes[first.start] == ASCII.quote,
      let moment = day.moment(ofThisDay: bytes, from: first.start &+ 1)
    {
      return moment
    }
    return try anyTime(fields, at: base, in: bytes, line: line, day: &day)
  }

  @usableFromInline @inline(never)
  func anyTime(
    _ fields: Span<Field>, at base: Int, in bytes: Span<UInt8>, line: Int, day: inout RecentDay
  ) throws(RecordError) -> Moment {
    for slot in times {
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
  @inlinable @inline(__always)
  public func isBot(_ fields: Span<Field>, at base: Int, in bytes: Span<UInt8>) -> Bool {
    let field = fields[base &+ bot]
    return field.isPresent && bytes[field.start] == UInt8(ascii: "t")
  }

  /// The ids of a record, decoded where they have escapes.
  @inlinable @inline(__always)
  public func ids(
    _ fields: Span<Field>, at base: Int, in bytes: Span<UInt8>
  ) throws(RecordError) -> EventIds {
    guard !hasKey, !fields[base &+ previousId].isPresent else {
      return try rareIds(fields, at: base, in: bytes)
    }
    return EventIds(
      user: try id(fields[base &+ userId], in: bytes),
      anonymous: try id(fields[base &+ anonymousId], in: bytes), previous: .absent)
  }

  /// The ids of a record that has them elsewhere, or of an alias message.
  @usableFromInline @inline(never)
  func rareIds(
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
  @inlinable @inline(__always)
  func id(_ field: Field, in bytes: Span<UInt8>) throws(RecordError) -> Field {
    guard field.isPresent else { return field }
    if field.isPlain, bytes[field.start] == ASCII.quote { return field.plainContent }
    return try otherId(field, in: bytes)
  }

  @usableFromInline
  func otherId(_ field: Field, in bytes: Span<UInt8>) throws(RecordError) -> Field {
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

  /// The content of an event's `messageId`, absent where it is no text or empty.
  public func messageId(_ event: Event, in block: borrowing Block) -> Field {
    let field = block.fields[event.base + messageId]
    guard field.kind(in: block.bytes.span) == .string, field.count > 2 else { return .absent }
    return Field(start: field.start + 1, end: field.end - 1)
  }

  /// The fingerprint that orders events of equal time: of the `messageId`, else of the line.
  ///
  /// Different lines of one `messageId` differ in the lower half, so that they have an order too.
  public func fingerprint(_ event: Event, in block: borrowing Block) -> UInt64 {
    let id = messageId(event, in: block)
    let bytes = block.bytes.span
    let line = byteHash(bytes, from: event.start, to: event.end, seed: fingerprintSeed)
    guard id.isPresent else { return line }
    let message = byteHash(bytes, from: id.start, to: id.end, seed: fingerprintSeed)
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

  @inlinable
  init(user: Field, anonymous: Field, previous: Field) {
    self.user = user
    self.anonymous = anonymous
    self.previous = previous
  }

  /// The ids of an event that has none.
  public static let none = EventIds(user: .absent, anonymous: .absent, previous: .absent)
}
