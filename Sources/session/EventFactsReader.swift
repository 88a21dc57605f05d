import Events
import Expressions
import Pipes
import Records

/// Reads what reports ask of an event.
struct EventFactsReader: Sendable {
  /// What is read only where each session is listed.
  private struct Details: Sendable {
    let pages: PageReader
    let trafficSource: Int
    let context: Int
    let purchases: PurchaseReader
  }

  private let names: EventNames
  private let reader: EventReader
  /// What is a page view; empty for the names of the Segment spec.
  private let pages: [EventCondition]
  /// What is a key event; empty for purchases.
  private let keyEvents: [EventCondition]
  private let campaigns: CampaignReader?
  private let details: Details?

  private static let pageNames = ["Page Viewed", "Screen Viewed"].map(hash)
  private static let autocapture = hash("$autocapture")

  private static func hash(_ name: String) -> UInt64 {
    let padded = Array(name.utf8) + [UInt8](repeating: 0, count: 8)
    return byteHash(padded.span, from: 0, to: padded.count - 8, seed: fingerprintSeed)
  }

  /// - Parameter lists: whether each session is listed.
  init(
    _ arguments: Arguments, _ setup: inout Setup, _ names: EventNames, _ campaigns: CampaignReader?,
    lists: Bool
  ) throws(Failure) {
    (self.names, reader, self.campaigns) = (names, setup.reader, campaigns)
    pages = try Self.conditions(arguments, "page", &setup)
    keyEvents = try Self.conditions(arguments, "key-event", &setup)
    details =
      lists
      ? Details(
        pages: PageReader(&setup), trafficSource: setup.slot("trafficSource"),
        context: setup.slot("context"),
        purchases: PurchaseReader(&setup.environment.selection)) : nil
  }

  private static func conditions(
    _ arguments: Arguments, _ option: String, _ setup: inout Setup
  ) throws(Failure) -> [EventCondition] {
    var conditions: [EventCondition] = []
    for text in arguments.values(option) {
      guard !trimmed(text[...]).isEmpty else {
        throw .usage("--\(option) '\(text)' names no event")
      }
      conditions.append(try EventCondition(text, of: "--\(option)", &setup))
    }
    return conditions
  }

  /// The number of what is kept of an event.
  func number(
    of event: Event, in block: Block, _ table: inout EventFactsTable, failures: inout Int
  ) throws(RecordError) -> UInt32 {
    let bytes = block.bytes.span
    let (meaning, hash) = try names.meaning(of: event, block.fields, in: bytes)
    var facts = EventFacts()
    facts.group = event.group
    let isPage =
      pages.isEmpty
      ? Self.pageNames.contains(hash) : try any(pages, event, in: block, failures: &failures)
    if isPage { facts.marks.insert(.page) }
    let isKey =
      keyEvents.isEmpty
      ? meaning.contains(.purchase) : try any(keyEvents, event, in: block, failures: &failures)
    if isKey { facts.marks.insert(.key) }
    if hash == Self.autocapture { facts.marks.insert(.autocapture) }
    if let campaigns { facts.campaign = try campaigns.campaign(of: event, in: block) }
    if details != nil { try addDetails(event, meaning, in: block, &table, to: &facts) }
    return table.number(facts)
  }

  private func any(
    _ conditions: [EventCondition], _ event: Event, in block: Block, failures: inout Int
  ) throws(RecordError) -> Bool {
    for condition in conditions
    where try condition.holds(event, in: block, reader, failures: &failures) { return true }
    return false
  }

  /// Adds the page, the source and the money.
  private func addDetails(
    _ event: Event, _ meaning: EventMeaning, in block: Block, _ table: inout EventFactsTable,
    to facts: inout EventFacts
  ) throws(RecordError) {
    guard let details else { return }
    let bytes = block.bytes.span
    var source = block.fields[event.base + details.trafficSource]
    do throws(ScanError) {
      let context = try Self.context(block.fields[event.base + details.context], in: bytes)
      if facts.marks.contains(.page) {
        facts.page = try details.pages.number(of: event, context.page, in: block, &table)
      }
      if source.kind(in: bytes) != .object { source = context.campaign }
    } catch { throw RecordError(error) }
    if source.kind(in: bytes) == .object {
      facts.source = table.source(bytes, from: source.start, to: source.end)
    }
    guard !meaning.isDisjoint(with: .money) else { return }
    let reading = try details.purchases.reading(of: event, meaning, block.fields, in: bytes)
    if let sum = reading.sum {
      facts.amount = table.amount(
        EventFactsTable.Amount(
          sum: sum, currency: Currencies.capitals(reading.currency),
          isPurchase: reading.isPurchase))
    }
  }

  private static let (pageKey, campaignKey) = (Array("page".utf8), Array("campaign".utf8))

  /// The page and the campaign of a context, absent where there is none.
  private static func context(
    _ context: Field, in bytes: Span<UInt8>
  ) throws(ScanError) -> (page: Field, campaign: Field) {
    var found = (page: Field.absent, campaign: Field.absent)
    guard context.kind(in: bytes) == .object else { return found }
    try forEachMember(of: context, in: bytes) { (name, value) throws(ScanError) in
      guard value.kind(in: bytes) == .object else { return }
      if bytes.equals(pageKey, from: name.start + 1, to: name.end - 1) { found.page = value }
      if bytes.equals(campaignKey, from: name.start + 1, to: name.end - 1) {
        found.campaign = value
      }
    }
    return found
  }
}
