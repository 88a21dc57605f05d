import Events
import Expressions
import Pipes
import Records
import Statistics

/// What the built-in segments of a run know of each person, and in which of them a person is.
///
///     event ─ what it means ─┬─ interaction → lifecycle, favourite channel, favourite device
///                            └─ money       → purchases → RFM group, value tier
///
/// Lifecycle, channel and device of a person depend on that person's events alone. RFM groups and
/// value tiers by fifths depend on all buyers: as an event passes they are those among the buyers
/// known by then, told anew at each event of the person and, where changes are tracked, in the last
/// moment of each period; a report at the end ranks all buyers exactly, see ``rankAll(_:asOf:)``.
struct BuiltIns: Sendable {
  let chosen: [BuiltIn]
  /// The number of each family's first segment among those of the run.
  private let firsts: [Int]
  let periods: CalendarPeriods
  private let names: EventNames
  private let money: PurchaseReader
  private let channelReader: ChannelReader
  private var deviceReader: DeviceReader
  private let wantedCurrency: UInt32?
  let asksForMoney: Bool

  var lifecycle: Lifecycle?
  var channels: Favourite?
  var devices: Favourite?
  var book = PurchaseBook()
  /// The buyers known by now; `nil` where only reports rank them.
  var ranks: BuyerRanks
  /// The currency that is ranked as events pass: that of the first amount.
  var knownCurrency: UInt32?
  private let ranksKnown: Bool
  /// The segments of each buyer in a report, where they have been ranked.
  private var exact: (codes: [RFM?], tiers: [ValueTier?])?

  /// The families that the options choose; `nil` for none.
  ///
  /// - Parameters:
  ///   - first: the number of their first segment.
  ///   - ranksKnown: whether buyers are ranked as events pass.
  init?(
    _ arguments: Arguments, _ setup: inout Setup, first: Int, ranksKnown: Bool
  ) throws(Failure) {
    let settings = try BuyerRanks.Settings(arguments)
    chosen = try BuiltIn.chosen(arguments)
    try BuiltIns.check(arguments, chosen, settings)
    guard !chosen.isEmpty else { return nil }
    periods = try CalendarPeriods(arguments)
    var firsts: [Int] = []
    var next = first
    for builtIn in chosen {
      firsts.append(next)
      next += builtIn.names.count
    }
    self.firsts = firsts
    names = try EventNames(arguments, setup.reader)
    // What nobody asks for is not read.
    var unread = Selection()
    asksForMoney = chosen.contains(.rfm) || chosen.contains(.value)
    money =
      asksForMoney
      ? PurchaseReader(&setup.environment.selection) : PurchaseReader(&unread)
    channelReader =
      chosen.contains(.channel)
      ? ChannelReader(&setup.environment.selection) : ChannelReader(&unread)
    deviceReader =
      chosen.contains(.device)
      ? DeviceReader(&setup.environment.selection) : DeviceReader(&unread)
    if chosen.contains(.lifecycle) { lifecycle = Lifecycle(periods) }
    if chosen.contains(.channel) { channels = Favourite(kindCount: Channel.names.count) }
    if chosen.contains(.device) { devices = Favourite(kindCount: DeviceClass.allCases.count) }
    var book = PurchaseBook()
    wantedCurrency = arguments.value("currency").map { book.currency(Array($0.utf8)) }
    self.book = book
    self.ranksKnown = ranksKnown
    ranks = BuyerRanks(settings)
  }

  /// Refuses options that say something about what is not asked for.
  private static func check(
    _ arguments: Arguments, _ chosen: [BuiltIn], _ settings: BuyerRanks.Settings
  ) throws(Failure) {
    let asksForMoney = chosen.contains(.rfm) || chosen.contains(.value)
    for option in BuyerRanks.Settings.options where arguments.has(option) && !asksForMoney {
      throw .usage("--\(option) is for --builtin rfm and --builtin value")
    }
    guard !arguments.has("currency") || asksForMoney else {
      throw .usage("--currency is for --builtin rfm and --builtin value")
    }
    guard !settings.scale.isNested || arguments.has("populations") else {
      throw .usage(
        "--rfm-nested ranks within the buyers of a report: it needs --populations, or leave it out")
    }
  }

  /// The full names of the segments, in the order of their numbers.
  var segmentNames: [String] {
    chosen.flatMap { builtIn in builtIn.names.map { "\(builtIn.rawValue):\($0)" } }
  }

  /// Bytes of the largest array.
  var largestArrayBytes: Int {
    max(
      max(lifecycle?.largestArrayBytes ?? 0, channels?.largestArrayBytes ?? 0),
      max(devices?.largestArrayBytes ?? 0, book.largestArrayBytes))
  }

  // MARK: Events

  /// Counts an event of somebody.
  ///
  /// - Parameter failures: is raised by one where the event's name or money cannot be read; it then
  ///   says nothing.
  mutating func take(_ event: Event, in block: Block, failures: inout Int) {
    let (fields, bytes) = (block.fields, block.bytes.span)
    do {
      let meaning = try names.meaning(of: event, fields, in: bytes).meaning
      let isActive = meaning.contains(.interaction)
      lifecycle?.take(event.person, at: event.time, isActive: isActive)
      if asksForMoney, !meaning.isDisjoint(with: .money) {
        take(try money.reading(of: event, meaning, fields, in: bytes), event)
      }
      guard isActive else { return }
      if channels != nil {
        let channel = channelReader.channel(of: event, fields, in: bytes)
        if channel != Channel.other { channels?.take(event.person, kind: channel) }
      }
      if devices != nil, let device = deviceReader.device(of: event, in: block),
        let kind = DeviceClass.allCases.firstIndex(of: device)
      {
        devices?.take(event.person, kind: kind)
      }
    } catch { failures += 1 }
  }

  private mutating func take(_ reading: PurchaseReading, _ event: Event) {
    leaveRanks(event.person)
    book.take(reading, of: event.person, on: periods.day(of: event.time))
    if knownCurrency == nil, reading.sum != nil {
      knownCurrency = wantedCurrency ?? book.currency(reading.currency)
    }
    enterRanks(event.person)
  }

  /// The buyer that a person is in the currency of what is known.
  private func buyer(_ person: UInt32) -> BuyerRanks.Buyer? {
    book.purchases(of: person, in: wantedCurrency ?? knownCurrency).map(BuyerRanks.Buyer.init)
  }

  mutating func leaveRanks(_ person: UInt32) {
    if ranksKnown, let buyer = buyer(person) { ranks.remove(buyer) }
  }

  mutating func enterRanks(_ person: UInt32) {
    if ranksKnown, let buyer = buyer(person) { ranks.add(buyer) }
  }

  /// Two persons turned out to be one.
  mutating func link(absorbed: UInt32, into kept: UInt32) {
    lifecycle?.link(absorbed: absorbed, into: kept)
    channels?.link(absorbed: absorbed, into: kept)
    devices?.link(absorbed: absorbed, into: kept)
    guard asksForMoney else { return }
    leaveRanks(absorbed)
    leaveRanks(kept)
    book.link(absorbed: absorbed, into: kept)
    enterRanks(kept)
  }

  // MARK: Answers

  /// Whether the calendar alone asks for answers again and again: that of buyers who are ranked anew.
  var asksClock: Bool {
    ranksKnown
      && (chosen.contains(.rfm) && ranks.settings.ranksCode
        || chosen.contains(.value) && ranks.settings.valueCuts.isEmpty)
  }

  /// Enters the segments that a person is in at a moment into a set of them.
  ///
  /// - Parameter followsClock: whether it is said when buyers are ranked anew.
  /// - Returns: the first later moment at which they could be others without an event.
  func answer(
    _ person: UInt32, at moment: Moment, followsClock: Bool = true, into segments: inout [UInt64]
  ) -> Moment {
    var until = Moment.distantFuture
    for (place, builtIn) in chosen.enumerated() {
      let answer = answer(builtIn, person, at: moment, followsClock: followsClock)
      guard let number = answer.number else { continue }
      let segment = firsts[place] + number
      segments[segment >> 6] |= 1 << UInt64(segment & 63)
      until = min(until, answer.until)
    }
    return until
  }

  private func answer(
    _ builtIn: BuiltIn, _ person: UInt32, at moment: Moment, followsClock: Bool
  ) -> (number: Int?, until: Moment) {
    switch builtIn {
    case .lifecycle:
      guard let (stage, until) = lifecycle?.stage(of: person, at: moment) else { break }
      return (Lifecycle.Stage.allCases.firstIndex(of: stage), until)
    case .rfm: return group(of: person, at: moment, followsClock: followsClock)
    case .value:
      if let tiers = exact?.tiers {
        return (ValueTier.allCases.firstIndex(of: tier(of: person, in: tiers)), .distantFuture)
      }
      let until =
        followsClock && ranks.settings.valueCuts.isEmpty ? nextRanking(moment) : .distantFuture
      let buyer = buyer(person)
      let tier = buyer.map(ranks.knownTier) ?? .unpaid
      return (
        ValueTier.allCases.firstIndex(of: tier), buyer == nil ? .distantFuture : until
      )
    case .channel: return (channels?.kind(of: person), .distantFuture)
    case .device: return (devices?.kind(of: person), .distantFuture)
    }
    return (nil, .distantFuture)
  }

  private func group(
    of person: UInt32, at moment: Moment, followsClock: Bool
  ) -> (number: Int?, until: Moment) {
    if let codes = exact?.codes {
      let code = Int(person) < codes.count ? codes[Int(person)] : nil
      return (code.flatMap { RFM.Group.allCases.firstIndex(of: $0.group) }, .distantFuture)
    }
    guard let buyer = buyer(person) else { return (nil, .distantFuture) }
    let day = periods.day(of: moment)
    let group = ranks.known(buyer, on: day).group
    var until =
      followsClock && ranks.settings.ranksCode ? nextRanking(moment) : .distantFuture
    if let next = ranks.nextRecencyDay(buyer, after: day) {
      until = min(until, periods.start(ofDay: next))
    }
    return (RFM.Group.allCases.firstIndex(of: group), until)
  }

  /// When fifths are told anew without an event: in the last moment of each period.
  private func nextRanking(_ moment: Moment) -> Moment {
    let next = periods.index(of: moment) + 1
    let end = Moment(milliseconds: periods.start(of: next).milliseconds - 1)
    return end > moment
      ? end : Moment(milliseconds: periods.start(of: next + 1).milliseconds - 1)
  }

  private func tier(of person: UInt32, in tiers: [ValueTier?]) -> ValueTier {
    Int(person) < tiers.count ? tiers[Int(person)] ?? .unpaid : .unpaid
  }

  // MARK: Reports

  /// The currency of a report: that of `--currency`, else the one of most purchases.
  var reportCurrency: UInt32? { wantedCurrency ?? book.currencies.ranked().first }

  /// Whether a segment is one that money decides.
  static func isOfMoney(_ name: String) -> Bool {
    name.hasPrefix("\(BuiltIn.rfm.rawValue):") || name.hasPrefix("\(BuiltIn.value.rawValue):")
  }

  /// The code of the currency of a report, empty for amounts that name none; `nil` without amounts.
  var reportCurrencyText: String? { reportCurrency.map(book.currencies.text) }

  /// Says which purchases are in no rank, and which are there without an amount.
  var noticesOfMoney: [String] {
    guard asksForMoney else { return [] }
    let unpriced = book.currencies.purchases[Int(Currencies.none)]
    let others = reportCurrency.flatMap { book.currencies.noticeOfOthers(than: $0) }
    return (others.map { [$0] } ?? [])
      + (unpriced > 0
        ? ["purchases without an amount that can be read, which count with 0: \(unpriced)"] : [])
  }

  /// Ranks all buyers exactly, so that answers are those of a report.
  ///
  /// - Parameter persons: all persons in the order of their ids, in which equal ones are split.
  mutating func rankAll(_ persons: [UInt32], asOf moment: Moment) {
    guard asksForMoney else { return }
    var buyers: [BuyerRanks.Buyer] = []
    var numbers: [Int] = []
    for person in persons {
      guard let bought = book.purchases(of: person, in: reportCurrency) else { continue }
      buyers.append(BuyerRanks.Buyer(bought))
      numbers.append(Int(person))
    }
    let count = (numbers.max() ?? -1) + 1
    var codes = [RFM?](repeating: nil, count: count)
    var tiers = [ValueTier?](repeating: nil, count: count)
    let found = ranks.exact(buyers, on: periods.day(of: moment))
    let foundTiers = ranks.exactTiers(buyers)
    for (place, person) in numbers.enumerated() {
      codes[person] = found[place]
      tiers[person] = foundTiers[place]
    }
    exact = (codes, tiers)
  }
}
