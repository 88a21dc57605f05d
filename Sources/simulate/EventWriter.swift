import Records

/// Writes events as JSON, in three orders of keys.
///
///     canonical   event userId anonymousId timestamp type messageId channel properties context
///     reordered   context properties channel messageId type timestamp anonymousId userId event
///     segment     anonymousId channel context event … originalTimestamp properties … userId
///
/// Each part writes its key, its value and a comma; the last comma becomes the closing brace.
struct EventWriter: Sendable {
  private let phrases: EventPhrases
  private let identities: Identities
  private let currencies: Int
  private let isFull: Bool
  private var numbers = NumberText()

  /// A writer for a seed, with the whole context on each event or on the first of each visit.
  init(seed: UInt64, currencies: [String], isFull: Bool) {
    phrases = EventPhrases(currencies: currencies)
    identities = Identities(seed: seed)
    self.currencies = currencies.count
    self.isFull = isFull
  }

  /// Writes an event in the canonical order, as `parse` does.
  mutating func appendCanonical(
    _ event: Occurrence, _ sequence: Int, to bytes: inout [UInt8]
  ) {
    bytes.append(ASCII.openBrace)
    phrases.append(phrases.names[Int(event.kind.rawValue)], to: &bytes)
    appendUser(event, to: &bytes)
    appendAnonymous(event, to: &bytes)
    append(phrases.timestamp, event.time, to: &bytes)
    phrases.append(phrases.types[Int(event.kind.rawValue)], to: &bytes)
    appendMessage(sequence, to: &bytes)
    appendChannel(event, to: &bytes)
    appendProperties(event, sequence, to: &bytes)
    appendContext(event, isRaw: false, to: &bytes)
    appendGroup(event, to: &bytes)
    end(&bytes)
  }

  /// Writes the same with its keys the other way round, nested objects first.
  mutating func appendReordered(
    _ event: Occurrence, _ sequence: Int, to bytes: inout [UInt8]
  ) {
    bytes.append(ASCII.openBrace)
    appendContext(event, isRaw: false, to: &bytes)
    appendProperties(event, sequence, to: &bytes)
    appendChannel(event, to: &bytes)
    appendMessage(sequence, to: &bytes)
    phrases.append(phrases.types[Int(event.kind.rawValue)], to: &bytes)
    append(phrases.timestamp, event.time, to: &bytes)
    appendAnonymous(event, to: &bytes)
    appendUser(event, to: &bytes)
    appendGroup(event, to: &bytes)
    phrases.append(phrases.names[Int(event.kind.rawValue)], to: &bytes)
    end(&bytes)
  }

  /// Writes the message that a tracker sends: no campaign but in the URL, pages and screens without
  /// a name, three clocks.
  mutating func appendSegment(
    _ event: Occurrence, _ sequence: Int, to bytes: inout [UInt8]
  ) {
    let messageId = identities.messageId(sequence)
    let sent = event.time + 40 + Int64(messageId & 1023)
    bytes.append(ASCII.openBrace)
    appendAnonymous(event, to: &bytes)
    appendChannel(event, to: &bytes)
    appendContext(event, isRaw: true, to: &bytes)
    if event.kind.messageType == "track" {
      phrases.append(phrases.names[Int(event.kind.rawValue)], to: &bytes)
    }
    phrases.append(phrases.integrations, to: &bytes)
    appendMessage(sequence, to: &bytes)
    append(phrases.originalTimestamp, event.time, to: &bytes)
    appendProperties(event, sequence, to: &bytes)
    append(phrases.receivedAt, sent + 20 + Int64(messageId >> 32 & 127), to: &bytes)
    append(phrases.sentAt, sent, to: &bytes)
    phrases.append(phrases.types[Int(event.kind.rawValue)], to: &bytes)
    appendUser(event, to: &bytes)
    appendGroup(event, to: &bytes)
    end(&bytes)
  }

  /// Ends the record and its line.
  private func end(_ bytes: inout [UInt8]) {
    closeObject(&bytes)
    bytes[bytes.count - 1] = ASCII.newline
  }

  /// Makes of the last comma a closing brace, and a comma behind it.
  @inline(__always)
  private func closeObject(_ bytes: inout [UInt8]) {
    if bytes[bytes.count - 1] == ASCII.comma {
      bytes[bytes.count - 1] = ASCII.closeBrace
    } else {
      bytes.append(ASCII.closeBrace)
    }
    bytes.append(ASCII.comma)
  }

  private mutating func appendUser(_ event: Occurrence, to bytes: inout [UInt8]) {
    guard event.identity != .anonymous else { return }
    phrases.append(phrases.userId, to: &bytes)
    numbers.append(number: event.number + 1, to: &bytes)
    phrases.append(phrases.endText, to: &bytes)
  }

  private mutating func appendAnonymous(_ event: Occurrence, to bytes: inout [UInt8]) {
    guard event.identity != .user else { return }
    phrases.append(phrases.anonymousId, to: &bytes)
    numbers.append(hexadecimal: identities.anonymousId(of: event), to: &bytes)
    phrases.append(phrases.endText, to: &bytes)
  }

  private mutating func append(
    _ key: Phrases.Phrase, _ time: Int64, to bytes: inout [UInt8]
  ) {
    phrases.append(key, to: &bytes)
    numbers.append(time: time, to: &bytes)
    phrases.append(phrases.endText, to: &bytes)
  }

  /// Writes the planted group, where there is one.
  private mutating func appendGroup(_ event: Occurrence, to bytes: inout [UInt8]) {
    guard event.group > 0 else { return }
    phrases.append(phrases.plantedGroup, to: &bytes)
    numbers.append(number: event.group, to: &bytes)
    bytes.append(ASCII.comma)
  }

  private mutating func appendMessage(_ sequence: Int, to bytes: inout [UInt8]) {
    phrases.append(phrases.messageId, to: &bytes)
    numbers.append(hexadecimal: identities.messageId(sequence), to: &bytes)
    phrases.append(phrases.endText, to: &bytes)
  }

  private func appendChannel(_ event: Occurrence, to bytes: inout [UInt8]) {
    phrases.append(phrases.channel(of: event), to: &bytes)
  }

  private mutating func appendProperties(
    _ event: Occurrence, _ sequence: Int, to bytes: inout [UInt8]
  ) {
    phrases.append(phrases.properties, to: &bytes)
    switch event.kind {
    case .productViewed, .productAdded:
      phrases.append(phrases.products[event.product], to: &bytes)
      phrases.append(phrases.currencies[event.number % currencies], to: &bytes)
    case .orderCompleted:
      phrases.append(phrases.orderId, to: &bytes)
      numbers.append(number: sequence, to: &bytes)
      phrases.append(phrases.revenue, to: &bytes)
      numbers.append(cents: event.cents, to: &bytes)
      bytes.append(ASCII.comma)
      phrases.append(phrases.currencies[event.number % currencies], to: &bytes)
      phrases.append(phrases.orderLines[event.product], to: &bytes)
    case .surveyAnswered:
      phrases.append(phrases.question, to: &bytes)
      numbers.append(number: event.score, to: &bytes)
      bytes.append(ASCII.comma)
    case .productListViewed:
      phrases.append(phrases.categories[event.place - Place.category(0)], to: &bytes)
    case .screenViewed: phrases.append(phrases.screens[event.place], to: &bytes)
    default: phrases.append(phrases.details[Int(event.kind.rawValue)], to: &bytes)
    }
    if let cents = event.shippingCents {
      phrases.append(phrases.shipping, to: &bytes)
      numbers.append(cents: cents, to: &bytes)
      bytes.append(ASCII.comma)
    }
    if event.plan > 0 { phrases.append(phrases.plans[event.plan - 1], to: &bytes) }
    closeObject(&bytes)
  }

  private mutating func appendContext(
    _ event: Occurrence, isRaw: Bool, to bytes: inout [UInt8]
  ) {
    phrases.append(phrases.context, to: &bytes)
    let isApp = !event.isCrawler && Device.isApp(event.device)
    if event.kind.channel != nil {
      phrases.append(phrases.server, to: &bytes)
    } else if event.isLanding || isFull || isRaw {
      if event.isLanding, !isRaw { phrases.append(phrases.campaigns[event.source], to: &bytes) }
      if isApp {
        phrases.append(phrases.app, to: &bytes)
      } else {
        appendPage(event, isRaw: isRaw, to: &bytes)
      }
      let devices = event.isCrawler ? phrases.crawlers : phrases.devices
      phrases.append(devices[event.device], to: &bytes)
      if !event.isCrawler { phrases.append(phrases.locales[event.locale], to: &bytes) }
    } else if !isApp {
      phrases.append(phrases.shortPages[event.place], to: &bytes)
    }
    phrases.append(phrases.address, to: &bytes)
    numbers.append(address: identities.address(of: event), to: &bytes)
    phrases.append(phrases.endText, to: &bytes)
    closeObject(&bytes)
  }

  private func appendPage(_ event: Occurrence, isRaw: Bool, to bytes: inout [UInt8]) {
    phrases.append(phrases.pageURLs[event.place], to: &bytes)
    if isRaw, event.isLanding { phrases.append(phrases.queries[event.source], to: &bytes) }
    phrases.append(phrases.pagePaths[event.place], to: &bytes)
    if event.isLanding { phrases.append(phrases.referrers[event.source], to: &bytes) }
    closeObject(&bytes)
  }
}
