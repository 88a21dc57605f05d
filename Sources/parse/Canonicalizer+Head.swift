import Records

/// Which members the rest of a message leaves out, and what goes into its context.
struct RestPlan {
  /// Members that the head has written.
  var written = SlotSet().with(Slot.event).with(Slot.userId).with(Slot.anonymousId)
    .with(Slot.timestamp)
  /// Members that move into the context, since their names are those of filters.
  var moved = SlotSet()
  /// The parameters of the URL that the campaign lacks, a bit each.
  var parameters: UInt32 = 0

  /// Whether the context stays as it is.
  var keepsContext: Bool { moved.isEmpty && parameters == 0 }
}

/// What the head of a message says beside its name, ids and time.
struct Head {
  /// The touchpoint that the message brought, absent where it brought none.
  var channel = Field.absent
  /// The touchpoint that it shows, as JSON.
  var derivedChannel: StaticString?
  /// The traffic source that the message brought, absent where it brought none.
  var source = Field.absent
  /// The number of the one that was found.
  var sourceNumber: UInt32 = 0
  var isBot = false
  /// The type and the `previousId` of an alias, which joins ids.
  var alias: (type: Field, previous: Field)?
}

extension Canonicalizer {
  /// Writes the whole line; everything has been decided.
  ///
  /// Mutating though it changes nothing: called in a closure, it would be handed a copy of all.
  mutating func write(
    _ prepared: Prepared, _ name: EventName, _ head: Head, _ plan: RestPlan, _ bytes: Span<UInt8>,
    to line: inout OutputSpan<UInt8>
  ) {
    line.append(static: "{\"event\":")
    if name.field.isPresent {
      line.append(bytes, from: name.field.start, to: name.field.end)
    } else {
      line.append(static: name.typeName)
    }
    if prepared.user.isPresent {
      line.append(static: ",\"userId\":")
      line.append(bytes, from: prepared.user.start, to: prepared.user.end)
    } else if identity.added == .user {
      line.append(static: ",\"userId\":")
      line.append(companion.span, from: 0, to: companion.count)
    }
    if prepared.anonymous.isPresent {
      line.append(static: ",\"anonymousId\":")
      line.append(bytes, from: prepared.anonymous.start, to: prepared.anonymous.end)
    } else if identity.added == .anonymous {
      line.append(static: ",\"anonymousId\":")
      line.append(companion.span, from: 0, to: companion.count)
    }
    line.append(static: ",\"timestamp\":")
    if Canonicalizer.isCanonical(prepared.timeField, bytes) {
      line.append(bytes, from: prepared.timeField.start, to: prepared.timeField.end)
    } else {
      timeText.set(prepared.time)
      line.append(ASCII.quote)
      line.append(timeText.bytes.span, from: 0, to: TimeText.count)
      line.append(ASCII.quote)
    }
    // What decides how an event counts stands before all that filters may leave unread.
    if let alias = head.alias {
      line.append(static: ",\"type\":")
      line.append(bytes, from: alias.type.start, to: alias.type.end)
      line.append(static: ",\"previousId\":")
      line.append(bytes, from: alias.previous.start, to: alias.previous.end)
    }
    if head.isBot { line.append(static: ",\"bot\":true") }
    if head.channel.isPresent {
      line.append(static: ",\"channel\":")
      line.append(bytes, from: head.channel.start, to: head.channel.end)
    } else if let derived = head.derivedChannel {
      line.append(static: ",\"channel\":")
      line.append(static: derived)
    }
    line.append(static: ",\"trafficSource\":")
    if head.source.isPresent {
      line.append(bytes, from: head.source.start, to: head.source.end)
    } else {
      let text = sources.textRange(head.sourceNumber)
      line.append(sources.texts.span, from: text.lowerBound, to: text.upperBound)
    }
    writeRest(plan, bytes, to: &line)
    line.append(static: "}\n")
  }

  /// More than the line of a message can need.
  @inline(__always)
  func bytesMax(of prepared: Prepared, _ head: Head) -> Int {
    prepared.end - prepared.start + sources.textRange(head.sourceNumber).count + contextText.count
      + companion.count + Canonicalizer.headBytesMax + OutputSpan<UInt8>.slackBytes
  }

  /// The keys and values that the head may add to what the message brought: less than 200 bytes.
  private static let headBytesMax = 256

  /// Whether a time that has been read as RFC 3339 has the form in which it is written.
  private static func isCanonical(_ field: Field, _ bytes: Span<UInt8>) -> Bool {
    // "2026-03-13T10:21:14.123Z": the length, the T, the point and the Z make the form.
    field.count == 26 && bytes[field.start + 11] == UInt8(ascii: "T")
      && bytes[field.start + 20] == ASCII.period && bytes[field.start + 24] == UInt8(ascii: "Z")
      && bytes[field.start] == ASCII.quote && bytes[field.start + 18] != UInt8(ascii: "6")
  }

  /// Decides on the touchpoint; a `channel` that is none is moved.
  mutating func decideChannel(
    _ head: inout Head, _ name: EventName, _ facts: PageFacts, _ bytes: Span<UInt8>,
    _ plan: inout RestPlan
  ) {
    let channel = message.field(Slot.channel)
    if channel.isPresent {
      plan.written.insert(Slot.channel)
      if touchpoint.isTouchpoint(channel, in: bytes) {
        head.channel = channel
        return
      }
      plan.moved.insert(Slot.channel)
    }
    head.derivedChannel = touchpoint.derived(
      event: name, type: message.field(Slot.type), facts: facts, in: bytes)
  }

  /// Decides on the traffic source; one that is there already stays.
  mutating func decideSource(
    _ head: inout Head, _ prepared: Prepared, _ facts: PageFacts, _ bytes: Span<UInt8>,
    _ plan: inout RestPlan
  ) {
    let field = message.field(Slot.trafficSource)
    if field.isPresent {
      plan.written.insert(Slot.trafficSource)
      if isTrafficSource(field, bytes) {
        head.source = field
        sources.note(field, keys: identity.keys, time: prepared.time, in: bytes)
        return
      }
      plan.moved.insert(Slot.trafficSource)
    }
    head.sourceNumber = sources.number(
      facts, parameters, keys: identity.keys, time: prepared.time, in: bytes)
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

  /// Decides whether a crawler sent the message.
  mutating func decideBot(
    _ head: inout Head, _ facts: PageFacts, _ bytes: Span<UInt8>, _ plan: inout RestPlan
  ) {
    let field = message.field(Slot.bot)
    switch field.kind(in: bytes) {
    case .absent, .false: break
    case .true: head.isBot = true
    default: plan.moved.insert(Slot.bot)
    }
    let agent = facts.userAgent
    if !head.isBot, agent.isPresent {
      head.isBot = crawlers.isCrawler(bytes, from: agent.start + 1, to: agent.end - 1)
    }
    // A `false` of the source stays in its place.
    if head.isBot || plan.moved.contains(Int32(Slot.bot)) { plan.written.insert(Slot.bot) }
  }

  /// Finds out whether the message says that two ids are one person's.
  @inline(__always)
  func decideAlias(_ head: inout Head, _ bytes: Span<UInt8>, _ plan: inout RestPlan) {
    let (type, previous) = (message.field(Slot.type), message.field(Slot.previousId))
    guard previous.isPresent, EventName.isAlias(type, in: bytes) else { return }
    head.alias = (type, previous)
    plan.written.insert(Slot.type)
    plan.written.insert(Slot.previousId)
  }

  /// Finds the members that have the name of a field of a later filter, but not its form.
  @inline(__always)
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
}

extension Array where Element == UInt8 {
  /// Adds the bytes of a text that stands in the program.
  @inline(__always)
  mutating func append(static text: StaticString) {
    // The pointer of a static string lives as long as the program.
    text.withUTF8Buffer { buffer in unsafe append(contentsOf: buffer) }
  }
}
