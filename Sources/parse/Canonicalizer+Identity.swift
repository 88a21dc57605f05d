import Events
import Records

/// The ids of an event: those that it has, and the one that it lacks where links tell.
struct EventIdentity {
  /// The ids without quotes, absent where there is none.
  var user = Field.absent
  var anonymous = Field.absent
  /// What finds them in tables.
  var keys = TrafficSources.Keys()
  /// Where they likely stand among those that were linked, 0 where nobody looked ahead.
  var places: (user: UInt32, anonymous: UInt32) = (0, 0)
  /// Whether ``Canonicalizer/companion`` is the id that it lacks, and which one that is.
  var added: Identities.Roles = []
}

extension Canonicalizer {
  /// Notes the ids that an event has in ``identity``.
  @inline(__always)
  mutating func noteIds(of prepared: Prepared, _ bytes: Span<UInt8>) {
    identity = EventIdentity(
      user: content(prepared.user, bytes), anonymous: content(prepared.anonymous, bytes))
    if settings.key != nil {
      identity.keys.user = keyOfPath(bytes)
      return
    }
    if identity.user.isPresent { identity.keys.user = sources.key(identity.user, in: bytes) }
    let hasAnonymous = identity.anonymous.isPresent
    if hasAnonymous, settings.links || !identity.user.isPresent {
      identity.keys.anonymous = sources.key(identity.anonymous, in: bytes)
    }
  }

  /// Finds out of whom the event is, and joins its ids where it has both.
  ///
  /// Every event joins its ids, one that does not count too: as aggregators do it.
  ///
  /// - Parameter output: takes a `parse.link` record for two ids that were not known to be one
  ///   person's, where such are asked for: it stands before the event that links them.
  mutating func identify(
    _ prepared: Prepared, _ bytes: Span<UInt8>, into output: inout [UInt8]
  ) {
    guard settings.links, settings.key == nil else { return }
    let places = identity.places
    if let user = identity.keys.user {
      let id = Identities.Id(field: identity.user, hash: user.low, place: places.user)
      if let anonymous = identity.keys.anonymous {
        let other = Identities.Id(
          field: identity.anonymous, hash: anonymous.low, place: places.anonymous)
        join(id, other, prepared, ",\"anonymousId\":", prepared.anonymous, bytes, &output)
      } else {
        complete(id, .anonymous, bytes)
      }
      if message.field(Slot.previousId).isPresent { joinPrevious(id, prepared, bytes, &output) }
    } else if let anonymous = identity.keys.anonymous {
      let id = Identities.Id(
        field: identity.anonymous, hash: anonymous.low, place: places.anonymous)
      complete(id, .user, bytes)
    }
  }

  @inline(never)
  private mutating func joinPrevious(
    _ user: Identities.Id, _ prepared: Prepared, _ bytes: Span<UInt8>, _ output: inout [UInt8]
  ) {
    guard EventName.isAlias(message.field(Slot.type), in: bytes),
      let previous = try? id(Slot.previousId, bytes), previous.isPresent
    else { return }
    let field = content(previous, bytes)
    let hash = sources.key(field, in: bytes).low
    let other = Identities.Id(field: field, hash: hash, place: 0)
    join(user, other, prepared, ",\"previousId\":", previous, bytes, &output)
  }

  @inline(__always)
  private mutating func join(
    _ user: Identities.Id, _ other: Identities.Id, _ prepared: Prepared, _ key: StaticString,
    _ value: Field, _ bytes: Span<UInt8>, _ output: inout [UInt8]
  ) {
    if identities.join(user, other, in: bytes), settings.writesLinks {
      appendLink(prepared, key, value, bytes, to: &output)
    }
  }

  /// Writes that two ids are one person's from here on.
  private mutating func appendLink(
    _ prepared: Prepared, _ key: StaticString, _ value: Field, _ bytes: Span<UInt8>,
    to output: inout [UInt8]
  ) {
    output.append("{\"record\":\"parse.link\",\"userId\":")
    output.append(bytes, from: prepared.user.start, to: prepared.user.end)
    output.append(static: key)
    output.append(bytes, from: value.start, to: value.end)
    output.append(",\"timestamp\":\"")
    timeText.set(prepared.time)
    output.append(timeText.bytes.span, from: 0, to: TimeText.count)
    output.append("\"}\n")
  }

  /// Finds the id that an event of one id lacks.
  private mutating func complete(
    _ id: Identities.Id, _ role: Identities.Roles, _ bytes: Span<UInt8>
  ) {
    companion.removeAll(keepingCapacity: true)
    let key: RecentTable.Key?
    if let stitched {
      key = addCompanion(of: id, role, bytes, from: stitched)
    } else {
      guard identities.count > 0 else { return }
      key = addCompanion(of: id, role, bytes, from: identities)
    }
    guard let key else { return }
    if role == .user { identity.keys.user = key } else { identity.keys.anonymous = key }
    identity.added = role
  }

  /// Puts the id into ``companion`` where there is one.
  ///
  /// - Returns: what finds it in tables.
  @inline(__always)
  private mutating func addCompanion(
    of id: Identities.Id, _ role: Identities.Roles, _ bytes: Span<UInt8>,
    from identities: borrowing Identities
  ) -> RecentTable.Key? {
    guard let number = identities.companion(of: id, as: role, in: bytes) else { return nil }
    identities.persons.append(number, asJSONTo: &companion)
    return sources.key(number, of: identities.persons)
  }

  /// What finds the person of `--key`.
  @inline(never)
  private func keyOfPath(_ bytes: Span<UInt8>) -> RecentTable.Key? {
    var field = Field.absent
    for (level, name) in (settings.key ?? []).enumerated() {
      if level == 0 {
        field = message.last(name, in: bytes)
      } else {
        let isObject = field.kind(in: bytes) == .object
        field = isObject ? (try? member(name, of: field, in: bytes)) ?? .absent : .absent
      }
    }
    let kind = field.kind(in: bytes)
    let isId = kind == .number || kind == .string && field.count > 2
    return isId ? sources.key(content(field, bytes), in: bytes) : nil
  }

  /// The stretch of an id without quotes, for hashing.
  @inline(__always)
  private func content(_ field: Field, _ bytes: Span<UInt8>) -> Field {
    guard field.isPresent, bytes[field.start] == ASCII.quote else { return field }
    return Field(start: field.start + 1, end: field.end - 1, hasEscapes: field.hasEscapes)
  }
}
