import Events
import Pipes
import Records

/// What reports ask of an event beside its time, as numbers into the texts of ``EventFactsTable``.
struct EventFacts: Equatable, Sendable {
  /// What an event is to a session.
  struct Marks: OptionSet, Sendable {
    let rawValue: UInt32

    /// A page or screen was viewed.
    static let page = Marks(rawValue: 1)
    /// It makes a session engaged by itself.
    static let key = Marks(rawValue: 2)
    /// It was captured without anybody having asked for it: PostHog's `$autocapture`.
    static let autocapture = Marks(rawValue: 4)
    /// All of them.
    static let all: Marks = [.page, .key, .autocapture]
  }

  var marks: Marks = []
  /// The number of the value of `--by`.
  var group: UInt32 = 0
  /// What stands for the campaign, 0 for none.
  var campaign: UInt32 = 0
  /// The page that was viewed, 0 for none.
  var page: UInt32 = 0
  /// Where the visitor came from, 0 where it does not say.
  var source: UInt32 = 0
  /// The money, 0 for none.
  var amount: UInt32 = 0
}

/// Numbers for what is kept of events: four bytes an event, and once for each different combination 24
/// bytes and its texts.
struct EventFactsTable: Sendable {
  /// An amount in its currency, which may have no name.
  struct Amount: Sendable {
    let sum: DecimalSum
    let currency: [UInt8]
    /// Whether it is that of a purchase.
    let isPurchase: Bool
  }

  private(set) var facts: [EventFacts] = []
  private var numbers = Interner(seed: fingerprintSeed)
  private var pages = Interner(seed: fingerprintSeed)
  private var sources = Interner(seed: fingerprintSeed)
  private var amounts = Interner(seed: fingerprintSeed)
  private var amountValues: [Amount?] = [nil]
  /// The combination asked for last.
  private var latest: (facts: EventFacts, number: UInt32)?
  /// Working memory.
  private var key: [UInt8] = []

  init() {
    for number in [pages.intern([]), sources.intern([]), amounts.intern([])] { assert(number == 0) }
  }

  /// The number of a combination.
  mutating func number(_ one: EventFacts) -> UInt32 {
    if let latest, latest.facts == one { return latest.number }
    var text: [UInt8] = []
    swap(&text, &key)
    defer { swap(&text, &key) }
    text.removeAll(keepingCapacity: true)
    text.append(addingCapacity: 32) { text in
      text.append(word: UInt64(one.marks.rawValue) | UInt64(one.group) << 32)
      text.append(word: UInt64(one.campaign) | UInt64(one.page) << 32)
      text.append(word: UInt64(one.source) | UInt64(one.amount) << 32)
      // Zeros behind it, since it is read in words.
      text.append(word: 0)
    }
    let count = text.count - 8
    let hash = numbers.hash(text.span, from: 0, to: count)
    let number = numbers.intern(text.span, from: 0, to: count, hash: hash)
    if Int(number) == facts.count { facts.append(one) }
    latest = (one, number)
    return number
  }

  /// The number of a page.
  mutating func page(_ text: [UInt8]) -> UInt32 { pages.intern(text) }

  /// The number of a page that stands in a block.
  mutating func page(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> UInt32 {
    pages.intern(
      bytes, from: start, to: end, hash: pages.hash(bytes, from: start, to: end))
  }

  /// The page with a number, empty for none.
  func pageText(_ number: UInt32) -> [UInt8] { pages.key(number) }

  /// The number of a source given as a JSON object.
  mutating func source(_ json: [UInt8]) -> UInt32 { sources.intern(json) }

  /// The number of a source that stands in a block.
  mutating func source(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> UInt32 {
    sources.intern(
      bytes, from: start, to: end, hash: sources.hash(bytes, from: start, to: end))
  }

  /// The source with a number as a JSON object, empty for none.
  func sourceText(_ number: UInt32) -> [UInt8] { sources.key(number) }

  /// The number of an amount.
  mutating func amount(_ amount: Amount) -> UInt32 {
    var key: [UInt8] = [amount.isPurchase ? ASCII.comma : ASCII.minus]
    amount.sum.append(to: &key)
    let number = amounts.intern(key + [ASCII.colon] + amount.currency)
    if Int(number) == amountValues.count { amountValues.append(amount) }
    return number
  }

  /// The amount with a number, `nil` for none.
  func amountValue(_ number: UInt32) -> Amount? { amountValues[Int(number)] }

  /// Writes a combination by its texts.
  func encode(_ number: UInt32, _ breakdown: Breakdown, into state: inout StateWriter) {
    let one = facts[Int(number)]
    state.write(UInt64(one.marks.rawValue))
    state.write(name: Int(one.group) < breakdown.count ? breakdown.text(of: one.group) : [])
    state.write(UInt64(one.campaign))
    state.write(name: pages.key(one.page))
    state.write(name: sources.key(one.source))
    let amount = amountValues[Int(one.amount)]
    state.write(amount != nil)
    guard let amount else { return }
    state.write(amount.isPurchase)
    state.write(name: amount.currency)
    amount.sum.encode(into: &state)
  }

  /// Reads a combination that another run wrote.
  mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) -> UInt32 {
    var one = EventFacts()
    one.marks = EventFacts.Marks(rawValue: try state.short())
    guard one.marks.isSubset(of: .all) else { throw StateError("an event is none") }
    one.group = try state.group(&breakdown)
    one.campaign = try state.short()
    one.page = page(try state.name())
    one.source = source(try state.name())
    if try state.flag() {
      let isPurchase = try state.flag()
      let currency = try state.name()
      one.amount = amount(
        Amount(sum: try DecimalSum(&state), currency: currency, isPurchase: isPurchase))
    }
    return number(one)
  }
}

extension StateReader {
  /// Reads a value of `--by`.
  mutating func group(_ breakdown: inout Breakdown) throws(StateError) -> UInt32 {
    let text = try name()
    return text.isEmpty && !breakdown.isUsed ? Breakdown.missing : breakdown.number(text)
  }
}
