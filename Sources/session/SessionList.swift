import Events
import Pipes
import Records

/// Each finished session by itself: the `session` records, by person and time.
struct SessionList {
  private let table: EventFactsTable
  private let wanted: [UInt8]?
  private var currencies = Currencies()
  private let currency: [UInt8]?
  private static let sourceKeys = ["channel", "source", "medium", "campaign"]

  /// - Parameters:
  ///   - rows: the events whose money is told.
  ///   - wanted: the currency of `--currency`; else that of most purchases.
  init(_ table: EventFactsTable, _ rows: [SessionLog.Row], wanted: String?) {
    self.table = table
    self.wanted = wanted.map { Currencies.capitals(Array($0.utf8)) }
    var purchases: [Int: Int] = [:]
    for row in rows {
      let amount = Int(table.facts[Int(row.facts)].amount)
      if amount != 0 { purchases[amount, default: 0] += 1 }
    }
    for (number, count) in purchases {
      guard let amount = table.amountValue(UInt32(number)) else { continue }
      let currency = currencies.number(amount.currency)
      for _ in 0..<(amount.isPurchase ? count : 0) { currencies.count(currency) }
    }
    currency =
      self.wanted ?? currencies.ranked().first.map { [currencies] in currencies.code($0) ?? [] }
  }

  /// Writes the sessions.
  func write(_ found: FoundSessions, _ run: Run, into output: inout Output) {
    let listed = found.listed
    guard !listed.isEmpty else { return }
    if run.isFinal, let currency {
      var known = currencies
      if let notice = currencies.noticeOfOthers(than: known.number(currency)) {
        output.notice(notice)
      }
    }
    // The sessions of a person stand together, in their order.
    var firstOf: [UInt32: Int] = [:]
    for index in listed.indices.reversed() { firstOf[listed[index].person] = index }
    for (person, name) in run.persons.inNameOrder(Array(firstOf.keys), run.persons.roots()) {
      var index = firstOf[person] ?? listed.count
      while index < listed.count, listed[index].person == person {
        write(listed[index], found, name, run, into: &output)
        index += 1
      }
    }
  }

  private func write(
    _ one: FoundSessions.Listed, _ found: FoundSessions, _ name: UInt32, _ run: Run,
    into output: inout Output
  ) {
    let (open, definition) = (one.session.open, found.census.definition)
    let rows = found.rows.rows[one.rows]
    var id: [UInt8] = []
    id.append(addingCapacity: SessionId.textBytes) { text in
      SessionId.append(SessionId.id(one.session.id, at: open.start), to: &text)
    }
    let pages = rows.lazy.map { table.facts[Int($0.facts)] }.filter { $0.marks.contains(.page) }
    output.report("session") { writer in
      writer.field(name, of: run.persons)
      writer.field("sessionId", json: id)
      writer.field("start", Moment(milliseconds: open.start))
      writer.field("seconds", Double(one.session.milliseconds) / 1000)
      writer.field("events", Int(open.eventCount))
      writer.field("pages", Int(one.session.pageCount))
      write("landingPage", pages.first?.page, to: &writer)
      write("exitPage", pages.last?.page, to: &writer)
      writeSource(rows, to: &writer)
      write("engaged", definition.isEngaged(one.session), to: &writer)
      write("bounced", definition.hasBounced(one.session), to: &writer)
      writeRevenue(rows, to: &writer)
      run.breakdown.write(one.session.group, to: &writer)
    }
  }

  private func write(_ name: String, _ page: UInt32?, to writer: inout RecordWriter) {
    guard let page, page != 0 else { return writer.null(name) }
    writer.field(name, text: table.pageText(page))
  }

  private func write(_ name: String, _ answer: Bool?, to writer: inout RecordWriter) {
    if let answer { writer.field(name, answer) } else { writer.null(name) }
  }

  /// Where the visitor came from: what the first event says that says anything.
  private func writeSource(_ rows: ArraySlice<SessionLog.Row>, to writer: inout RecordWriter) {
    let sources = rows.lazy.map { table.facts[Int($0.facts)].source }
    let json = table.sourceText(sources.first { $0 != 0 } ?? 0) + [UInt8](repeating: 0, count: 16)
    let object = Field(start: 0, end: json.count - 16)
    for key in Self.sourceKeys {
      // A campaign of the spec calls itself a name.
      let value =
        text(key, of: object, in: json.span)
        ?? (key == "campaign"
          ? text("name", of: object, in: json.span) : nil)
      if let value { writer.field(key, text: value) } else { writer.null(key) }
    }
  }

  private func text(_ key: String, of object: Field, in bytes: Span<UInt8>) -> [UInt8]? {
    guard object.kind(in: bytes) == .object,
      let field = try? member(Array(key.utf8), of: object, in: bytes),
      field.kind(in: bytes) == .string
    else { return nil }
    return try? field.decodedString(in: bytes)
  }

  private func writeRevenue(_ rows: ArraySlice<SessionLog.Row>, to writer: inout RecordWriter) {
    var sum = DecimalSum()
    for row in rows {
      guard let amount = table.amountValue(table.facts[Int(row.facts)].amount),
        amount.currency == currency
      else { continue }
      sum.merge(amount.sum)
    }
    writer.field("revenue", sum)
    guard let currency else { return }
    if currency.isEmpty {
      writer.null("currency")
    } else {
      writer.field("currency", text: currency)
    }
  }
}
