import Events
import Expressions
import Pipes
import Records

/// What is kept of an event beside its time and steps: the value that is held, the group of `--by`, an
/// amount, its name.
///
///     event ─ (held value 7, group 2, amount 13, name 0) ─ facet 41, four bytes an event
///
/// Cost: 24 bytes and its texts for each different combination.
struct Facets: Sendable {
  /// One combination, by the numbers of its parts; 0 is a value that is missing.
  struct Facet: Sendable, Equatable {
    var hold: UInt32 = 0
    var group: UInt32 = 0
    var amount: UInt32 = 0
    var name: UInt32 = 0
  }

  /// An amount in its currency, which may have no name.
  struct Amount: Sendable {
    let sum: DecimalSum
    let currency: [UInt8]
  }

  private(set) var facets: [Facet] = []
  private var numbers = Interner(seed: fingerprintSeed)
  private var holds = Interner(seed: fingerprintSeed)
  private var amounts = Interner(seed: fingerprintSeed)
  private var names = Interner(seed: fingerprintSeed)
  private var amountValues: [Amount?] = [nil]
  /// The number of each group's combination with nothing else, counted from 1; 0 where there is none yet.
  private var groupAlone: [UInt32] = []

  init() {
    _ = holds.intern([])
    _ = amounts.intern([])
    _ = names.intern([])
    _ = number(Facet())
  }

  /// The number of a combination.
  mutating func number(_ facet: Facet) -> UInt32 {
    guard facet.hold | facet.amount | facet.name == 0 else { return interned(facet) }
    let group = Int(facet.group)
    while groupAlone.count <= group { groupAlone.append(0) }
    if groupAlone[group] == 0 { groupAlone[group] = interned(facet) + 1 }
    return groupAlone[group] - 1
  }

  private mutating func interned(_ facet: Facet) -> UInt32 {
    var key: [UInt8] = []
    for part in [facet.hold, facet.group, facet.amount, facet.name] {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        key.append(UInt8(truncatingIfNeeded: part >> shift))
      }
    }
    let number = numbers.intern(key)
    if Int(number) == facets.count { facets.append(facet) }
    return number
  }

  /// The number of a held value, given as JSON.
  mutating func hold(_ json: [UInt8]) -> UInt32 { holds.intern(json) }

  /// The number of an event's name.
  mutating func name(_ text: [UInt8]) -> UInt32 { names.intern(text) }

  /// The name with a number, empty for none.
  func nameText(_ number: UInt32) -> [UInt8] { names.key(number) }

  /// The number of an amount.
  mutating func amount(_ amount: Amount) -> UInt32 {
    var key: [UInt8] = []
    amount.sum.append(to: &key)
    let number = amounts.intern(key + [ASCII.colon] + amount.currency)
    if Int(number) == amountValues.count { amountValues.append(amount) }
    return number
  }

  /// The amount with a number.
  func amountValue(_ number: UInt32) -> Amount? { amountValues[Int(number)] }

  /// The rank of each combination in an order that does not depend on which was seen first.
  func ranks(_ breakdown: Breakdown) -> [Int] {
    let holdRanks = Self.ranks(holds)
    let amountRanks = Self.ranks(amounts)
    let groupRanks = Self.ranks(breakdown)
    let nameRanks = Self.ranks(names)
    let keys = facets.map { facet in
      (
        holdRanks[Int(facet.hold)], groupRanks[Int(facet.group)],
        amountRanks[Int(facet.amount)], nameRanks[Int(facet.name)]
      )
    }
    let ordered = facets.indices.sorted { keys[$0] < keys[$1] }
    var ranks = [Int](repeating: 0, count: facets.count)
    for (rank, number) in ordered.enumerated() { ranks[number] = rank }
    return ranks
  }

  /// The rank of each group by its text.
  static func ranks(_ breakdown: Breakdown) -> [Int] {
    ranks(
      (0..<max(1, breakdown.count)).map { index in
        index < breakdown.count ? breakdown.text(of: UInt32(index)) : []
      })
  }

  private static func ranks(_ interner: Interner) -> [Int] {
    ranks((0..<interner.count).map { interner.key(UInt32($0)) })
  }

  private static func ranks(_ texts: [[UInt8]]) -> [Int] {
    let ordered = texts.indices.sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) }
    var ranks = [Int](repeating: 0, count: texts.count)
    for (rank, index) in ordered.enumerated() { ranks[index] = rank }
    return ranks
  }

  /// Tells people of what --hold and --value ask for where no event of a step had it.
  func tellMissing(_ counting: FunnelCounting, into output: inout Output) {
    if !counting.holds.isEmpty, holds.count == 1 {
      let paths = counting.holds.map { "'\($0.source)'" }.joined(separator: " and ")
      output.notice("no event of a step has \(paths), which --hold asks for: so nobody enters")
    }
    if let value = counting.value, amounts.count == 1 {
      output.notice("no event of a step has a number in '\(value.source)', which --value asks for")
    }
  }

  /// Writes a combination by its texts.
  func encode(_ number: UInt32, _ breakdown: Breakdown, into state: inout StateWriter) {
    let facet = facets[Int(number)]
    state.write(name: holds.key(facet.hold))
    state.write(name: Int(facet.group) < breakdown.count ? breakdown.text(of: facet.group) : [])
    state.write(name: names.key(facet.name))
    let amount = amountValues[Int(facet.amount)]
    state.write(amount != nil)
    guard let amount else { return }
    state.write(name: amount.currency)
    amount.sum.encode(into: &state)
  }

  /// Reads a combination that another run wrote.
  mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) -> UInt32 {
    var facet = Facet()
    facet.hold = hold(try state.name())
    let group = try state.name()
    if !group.isEmpty || breakdown.isUsed { facet.group = breakdown.number(group) }
    facet.name = name(try state.name())
    if try state.flag() {
      let currency = try state.name()
      facet.amount = amount(Amount(sum: try DecimalSum(&state), currency: currency))
    }
    return number(facet)
  }
}

/// Reads the facets of events.
struct FacetReader: Sendable {
  private let holds: [Expression]
  private let value: Expression?
  private let currency: Expression?
  /// The reader of names, where they are kept.
  private let reader: EventReader?
  /// The currency that amounts are restricted to, in capital letters.
  private let only: [UInt8]?
  /// So that no sum of a stream can pass the range of an exact one.
  private static let amountMax: Int128 = 1_000_000_000_000_000_000_000_000

  init(_ counting: FunnelCounting, _ setup: inout Setup) throws(Failure) {
    holds = counting.holds
    value = counting.value
    currency =
      counting.value == nil ? nil : try setup.value("properties.currency", of: "--currency")
    reader = counting.isExplained ? setup.reader : nil
    only = setup.currency.map { Array($0.uppercased().utf8) }
  }

  /// The number of an event's facet; only a step has an amount.
  func number(
    _ event: Event, isStep: Bool, in block: Block, _ facets: inout Facets
  ) throws(RecordError) -> UInt32 {
    var facet = Facets.Facet()
    facet.group = event.group
    if !holds.isEmpty, let json = held(event, in: block) { facet.hold = facets.hold(json) }
    if let reader { facet.name = facets.name(try name(event, in: block, reader)) }
    if isStep, let amount = try amount(event, in: block) { facet.amount = facets.amount(amount) }
    return facets.number(facet)
  }

  private func name(
    _ event: Event, in block: Block, _ reader: EventReader
  ) throws(RecordError) -> [UInt8] {
    let bytes = block.bytes.span
    switch try reader.name(block.fields, at: event.base, in: bytes) {
    case .field(let field): return bytes.copy(from: field.start, to: field.end)
    case .decoded(let text): return text
    case .implicit(let name): return name.nameBytes
    case .none: return []
    }
  }

  /// The held values as JSON, `nil` where one is missing.
  private func held(_ event: Event, in block: Block) -> [UInt8]? {
    var json: [UInt8] = []
    for hold in holds {
      if !json.isEmpty { json.append(ASCII.comma) }
      let start = json.count
      append(hold, event, in: block, to: &json)
      json.writeNumberShort(from: start)
      if json[start...].elementsEqual("null".utf8) { return nil }
    }
    return json
  }

  private func amount(_ event: Event, in block: Block) throws(RecordError) -> Facets.Amount? {
    guard let value, let currency else { return nil }
    var json: [UInt8] = []
    append(value, event, in: block, to: &json)
    let (isText, count) = (json.first == ASCII.quote, json.count)
    // A number is looked for in words of eight bytes.
    json.append(contentsOf: repeatElement(0, count: 8))
    guard let number = decimalText(json.span, from: isText ? 1 : 0, to: isText ? count - 1 : count)
    else { return nil }
    var code: [UInt8] = []
    append(currency, event, in: block, to: &code)
    code = code.first == ASCII.quote ? Array(code.dropFirst().dropLast()) : []
    code = code.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 }
    if let only, code != only { return nil }
    var sum = DecimalSum()
    guard let whole = number.scaled(by: 0), whole.magnitude <= Self.amountMax, sum.add(number)
    else { throw RecordError("value out of range", at: event.start) }
    return Facets.Amount(sum: sum, currency: code)
  }

  /// Adds a value as JSON; one that is not there is `null`, and no failure.
  private func append(
    _ expression: Expression, _ event: Event, in block: Block, to json: inout [UInt8]
  ) {
    var failures = 0
    expression.appendJSON(
      EventPlace(event), fields: block.fields, in: block.bytes.span, to: &json,
      failures: &failures)
  }
}
