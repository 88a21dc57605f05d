import Records

/// Which members the rest of a message leaves out, and what goes into its context.
struct RestPlan {
  /// Members that the head has written.
  var written = SlotSet(Slot.event, Slot.userId, Slot.anonymousId, Slot.timestamp)
  /// Members that move into the context, since their names are those of filters.
  var moved = SlotSet()
  /// The parameters of the URL that the campaign lacks, a bit each.
  var parameters: UInt32 = 0

  /// Whether the context stays as it is.
  var keepsContext: Bool { moved.isEmpty && parameters == 0 }
}

extension Canonicalizer {
  /// Opens the record with the event's name and ids.
  func appendIds(
    _ prepared: Prepared, _ name: EventName, _ bytes: Span<UInt8>, to output: inout [UInt8]
  ) {
    output.append(static: "{\"event\":")
    if name.field.isPresent {
      output.append(bytes, from: name.field.start, to: name.field.end)
    } else {
      output.append(static: name.typeName)
    }
    if prepared.user.isPresent {
      output.append(static: ",\"userId\":")
      output.append(bytes, from: prepared.user.start, to: prepared.user.end)
    }
    if prepared.anonymous.isPresent {
      output.append(static: ",\"anonymousId\":")
      output.append(bytes, from: prepared.anonymous.start, to: prepared.anonymous.end)
    }
  }

  /// Writes the time: the bytes of the source where they have the canonical form.
  func appendTime(_ prepared: Prepared, _ bytes: Span<UInt8>, to output: inout [UInt8]) {
    let field = prepared.timeField
    // "2026-03-13T10:21:14.123Z": it has been read as RFC 3339, so that the length, the T, the
    // point and the Z make the form.
    if field.count == 26, bytes[field.start + 11] == UInt8(ascii: "T"),
      bytes[field.start + 20] == ASCII.period, bytes[field.start + 24] == UInt8(ascii: "Z"),
      bytes[field.start] == ASCII.quote, bytes[field.start + 18] != UInt8(ascii: "6")
    {
      output.append(static: ",\"timestamp\":")
      output.append(bytes, from: field.start, to: field.end)
      return
    }
    let time = prepared.time
    output.append(static: ",\"timestamp\":\"")
    time.append(to: &output)
    output.append(ASCII.quote)
  }

  /// Writes the touchpoint; a `channel` that is none is moved.
  func appendChannel(
    _ name: EventName, _ facts: PageFacts, _ bytes: Span<UInt8>, _ plan: inout RestPlan,
    to output: inout [UInt8]
  ) {
    let channel = message.field(Slot.channel)
    if channel.isPresent {
      plan.written.insert(Slot.channel)
      if touchpoint.isTouchpoint(channel, in: bytes) {
        output.append(static: ",\"channel\":")
        output.append(bytes, from: channel.start, to: channel.end)
        return
      }
      plan.moved.insert(Slot.channel)
    }
    let derived = touchpoint.derived(
      event: name, type: message.field(Slot.type), facts: facts, in: bytes)
    if let derived {
      output.append(static: ",\"channel\":")
      output.append(static: derived)
    }
  }

  /// Writes the traffic source; one that is there already stays.
  mutating func appendSource(
    _ prepared: Prepared, _ facts: PageFacts, _ bytes: Span<UInt8>, _ plan: inout RestPlan,
    to output: inout [UInt8]
  ) {
    let ids = ids(prepared, bytes)
    let field = message.field(Slot.trafficSource)
    output.append(static: ",\"trafficSource\":")
    if field.isPresent {
      plan.written.insert(Slot.trafficSource)
      if isTrafficSource(field, bytes) {
        output.append(bytes, from: field.start, to: field.end)
        sources.note(field, ids: ids, time: prepared.time, in: bytes)
        return
      }
      plan.moved.insert(Slot.trafficSource)
    }
    sources.append(facts, parameters, ids: ids, time: prepared.time, in: bytes, to: &output)
  }

  /// The persons whose visit the event belongs to, by `--key` and `--no-link`.
  private func ids(_ prepared: Prepared, _ bytes: Span<UInt8>) -> TrafficSources.Ids {
    if let key = settings.key {
      var field = message.last(key[0], in: bytes)
      for name in key.dropFirst() where field.isPresent {
        let isObject = field.kind(in: bytes) == .object
        field = isObject ? (try? member(name, of: field, in: bytes)) ?? .absent : .absent
      }
      let kind = field.kind(in: bytes)
      let isId = kind == .number || kind == .string && field.count > 2
      return TrafficSources.Ids(user: isId ? content(field, bytes) : .absent, anonymous: .absent)
    }
    let user = content(prepared.user, bytes)
    let sharesVisit = settings.links || !user.isPresent
    return TrafficSources.Ids(
      user: user, anonymous: sharesVisit ? content(prepared.anonymous, bytes) : .absent)
  }

  /// Whether a value has the form that parse writes: channel, rule and its date.
  private func isTrafficSource(_ field: Field, _ bytes: Span<UInt8>) -> Bool {
    guard field.kind(in: bytes) == .object else { return false }
    func kind(_ name: String) -> Field.Kind {
      (try? member(Array(name.utf8), of: field, in: bytes))?.kind(in: bytes) ?? .absent
    }
    let rule = kind("rule")
    return kind("channel") == .string && (rule == .number || rule == .null)
      && kind("ruleSet") == .string
  }

  /// Writes `bot` where a crawler sent the message.
  ///
  /// - Returns: whether one did.
  mutating func appendBot(
    _ facts: PageFacts, _ bytes: Span<UInt8>, _ plan: inout RestPlan, to output: inout [UInt8]
  ) -> Bool {
    let field = message.field(Slot.bot)
    var isBot = false
    switch field.kind(in: bytes) {
    case .absent, .false: break
    case .true: isBot = true
    default: plan.moved.insert(Slot.bot)
    }
    let agent = facts.userAgent
    if !isBot, agent.isPresent {
      isBot = crawlers.isCrawler(bytes, from: agent.start + 1, to: agent.end - 1)
    }
    // A `false` of the source stays in its place.
    if isBot || plan.moved.contains(Int32(Slot.bot)) { plan.written.insert(Slot.bot) }
    if isBot { output.append(static: ",\"bot\":true") }
    return isBot
  }

  /// Finds the members that have the name of a field of a later filter, but not its form.
  func findForeign(_ bytes: Span<UInt8>, _ plan: inout RestPlan) {
    func check(_ slot: Int, _ kind: Field.Kind) {
      let field = message.field(slot)
      guard field.isPresent, field.kind(in: bytes) != kind else { return }
      plan.written.insert(slot)
      plan.moved.insert(slot)
    }
    check(Slot.session, .object)
    check(Slot.sessionId, .string)
    check(Slot.segments, .array)
    check(Slot.stage, .string)
  }

  /// The stretch of an id without quotes, for hashing.
  private func content(_ field: Field, _ bytes: Span<UInt8>) -> Field {
    guard field.isPresent, bytes[field.start] == ASCII.quote else { return field }
    return Field(start: field.start + 1, end: field.end - 1, hasEscapes: field.hasEscapes)
  }
}

extension Array where Element == UInt8 {
  /// Adds the bytes of a text that stands in the program.
  @inline(__always)
  mutating func append(static text: StaticString) {
    // The pointer of a static string lives as long as the program.
    text.withUTF8Buffer { buffer in unsafe append(contentsOf: buffer) }
  }
}
