import Expressions
import Pipes
import Records

/// Reads one definition of a file; whatever is wrong in it is told with its place.
///
///     {"name":"activation","numerator":"Feature Used","denominator":"Signed Up","per":"person"}
///
///     numerator, denominator   how often, or how many persons: see ``count(_:isByPerson:_:_:)``
///     numerator alone          a total
///     minus                    taken from the numerator: promoters less detractors
///     mean, when               the mean of a value
///     quantile, of, when       a quantile of a value
///     growth                   how many more persons than in the period before, as a share of those
///     product                  other metrics, multiplied
///     sessions                 seconds, pages, bounced or count: see ``SessionTally``
///     from, to, key, within    what becomes of tickets and posts: see ``CaseLog``
struct MetricFile {
  private let file: JSONFile
  private let name: String
  /// The numbers of the metrics that it is a product of.
  private let factors: [String: Int]

  init(_ file: JSONFile, name: String, factors: [String: Int]) {
    (self.file, self.name, self.factors) = (file, name, factors)
  }

  private static let described = [
    "name", "about", "formula", "events", "unit", "better", "bands", "source",
  ]
  private static let counted = [
    "numerator", "minus", "denominator", "per", "mean", "quantile", "of", "when", "growth",
    "product", "yearly", "from", "to", "key", "size", "within", "cases",
    "sessions",
  ]

  /// The names that a metric is a product of.
  static func factors(of field: Field, in file: JSONFile) throws(Failure) -> [Field] {
    let pairs = try file.members(of: field, "a metric")
    guard let pair = pairs.first(where: { $0.name == "product" }) else { return [] }
    return try file.elements(of: pair.value, "\"product\"")
  }

  /// Reads the definition, and enters what it counts into the plan.
  func definition(
    _ field: Field, _ plan: inout MetricPlan, _ setup: inout Setup
  ) throws(Failure) -> MetricDefinition {
    let pairs = try file.members(of: field, "a metric")
    for pair in pairs where !(Self.described + Self.counted).contains(pair.name) {
      throw file.unknown(pair, among: Self.described + Self.counted)
    }
    let parts = Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.value) })
    let form = try form(parts, at: field, &plan, &setup)
    let isYearly = parts["yearly"].map { file.kind(of: $0) == .true } ?? false
    return MetricDefinition(
      name: name, about: try text(parts["about"]), unit: try unit(parts["unit"], form),
      form: form, isBetterHigher: try isBetterHigher(parts["better"]), isYearly: isYearly,
      bands: try bands(parts["bands"]))
  }

  private func text(_ field: Field?) throws(Failure) -> String {
    guard let field else { return "" }
    return try file.string(field, "a text")
  }

  /// The unit; where it is not said, that of the form.
  private func unit(
    _ field: Field?, _ form: MetricDefinition.Form
  ) throws(Failure) -> MetricDefinition.Unit {
    if let field {
      let words = MetricDefinition.Unit.allCases.map(\.rawValue)
      let word = try file.word(field, of: words, "unit")
      if let unit = MetricDefinition.Unit(rawValue: word) { return unit }
    }
    return switch form {
    case .total: .count
    case .ratio, .growth: .share
    case .net: .points
    case .meanPurchase: .money
    case .mean, .quantile, .product: .number
    case .cases(_, .share), .cases(_, .closingsBySize): .share
    case .cases(_, .seconds), .cases(_, .quantile): .seconds
    case .sessions(.count): .count
    case .sessions(.seconds): .seconds
    case .sessions(.pages): .number
    case .sessions(.bounced): .share
    }
  }

  private func isBetterHigher(_ field: Field?) throws(Failure) -> Bool? {
    guard let field else { return nil }
    return try file.word(field, of: ["higher", "lower"], "better") == "higher"
  }

  private func bands(_ field: Field?) throws(Failure) -> [MetricDefinition.Band] {
    guard let field else { return [] }
    var bands: [MetricDefinition.Band] = []
    for element in try file.elements(of: field, "\"bands\"") {
      var (from, below, name): (Double?, Double?, String?) = (nil, nil, nil)
      for pair in try file.members(of: element, "a band") {
        switch pair.name {
        case "from": from = try file.number(pair.value, "a number")
        case "below": below = try file.number(pair.value, "a number")
        case "name": name = try file.string(pair.value, "a word like \"high\"")
        default: throw file.unknown(pair, among: ["from", "below", "name"])
        }
      }
      guard let name else { throw file.failure("a band needs a text \"name\"", at: element.start) }
      bands.append(MetricDefinition.Band(from: from, below: below, name: name))
    }
    return bands
  }

  private func form(
    _ parts: [String: Field], at field: Field, _ plan: inout MetricPlan, _ setup: inout Setup
  ) throws(Failure) -> MetricDefinition.Form {
    let kinds = ["numerator", "mean", "quantile", "growth", "product", "from", "sessions"].filter {
      parts[$0] != nil
    }
    guard kinds.count == 1 else {
      throw file.failure(
        "a metric has one of \"numerator\", \"mean\", \"quantile\", \"growth\", \"product\", \"from\" and"
          + " \"sessions\"",
        at: field.start)
    }
    for (key, needed) in [
      ("denominator", "numerator"), ("minus", "denominator"), ("per", "numerator"),
      ("of", "quantile"), ("yearly", "product"), ("to", "from"), ("key", "from"),
      ("size", "from"), ("within", "from"), ("cases", "from"),
    ] {
      guard let part = parts[key], parts[needed] == nil else { continue }
      throw file.failure("\"\(key)\" goes with \"\(needed)\"", at: part.start)
    }
    switch kinds[0] {
    case "numerator": return try quotient(parts, &plan, &setup)
    case "from": return try cases(parts, at: field, &plan, &setup)
    case "sessions":
      let words = MetricDefinition.SessionAnswer.allCases.map(\.rawValue)
      let word = try file.word(parts[kinds[0]] ?? field, of: words, "sessions")
      plan.readsMoney = true
      plan.cutsSessions = true
      return .sessions(MetricDefinition.SessionAnswer(rawValue: word) ?? .count)
    case "growth":
      return .growth(try mark(try condition(parts[kinds[0]] ?? field, &setup), field, &plan))
    case "product":
      return .product(
        try Self.factors(of: field, in: file).map { factor throws(Failure) in
          factors[try file.string(factor, "the name of a metric")] ?? 0
        })
    default: return try statistic(parts, at: field, &plan, &setup)
    }
  }

  private func quotient(
    _ parts: [String: Field], _ plan: inout MetricPlan, _ setup: inout Setup
  ) throws(Failure) -> MetricDefinition.Form {
    var isByPerson = false
    if let per = parts["per"] {
      isByPerson = try file.word(per, of: ["event", "person"], "per") == "person"
    }
    func count(_ key: String) throws(Failure) -> MetricDefinition.Count? {
      guard let part = parts[key] else { return nil }
      return try self.count(part, isByPerson: isByPerson, &plan, &setup)
    }
    guard let numerator = try count("numerator") else { return .product([]) }
    guard let denominator = try count("denominator") else { return .total(numerator) }
    guard let minus = try count("minus") else { return .ratio(numerator, denominator) }
    return .net(numerator, minus: minus, denominator)
  }

  private func statistic(
    _ parts: [String: Field], at field: Field, _ plan: inout MetricPlan, _ setup: inout Setup
  ) throws(Failure) -> MetricDefinition.Form {
    if let mean = parts["mean"], file.kind(of: mean) == .object {
      guard case .money(.purchases) = try count(mean, isByPerson: false, &plan, &setup) else {
        throw file.failure("a mean is of a value or {\"money\":\"purchases\"}", at: mean.start)
      }
      return .meanPurchase
    }
    guard let value = parts["mean"] ?? parts["of"] else {
      throw file.failure("a quantile needs \"of\", the value", at: field.start)
    }
    guard let when = parts["when"] else {
      throw file.failure("a value needs \"when\", the events that it is of", at: field.start)
    }
    let test = try condition(when, &setup)
    let expression = try self.value(value, &setup)
    guard let quantile = parts["quantile"] else {
      return .mean(plan.value(expression, test, isListed: false))
    }
    let share = try file.number(quantile, "a share like 0.9")
    guard share >= 0, share <= 1 else {
      throw file.failure("a quantile lies from 0 to 1, as 0.9", at: quantile.start)
    }
    return .quantile(plan.value(expression, test, isListed: true), share)
  }

  /// What becomes of cases; `cases` says what is asked: share, mean, p90, closings.
  private func cases(
    _ parts: [String: Field], at field: Field, _ plan: inout MetricPlan, _ setup: inout Setup
  ) throws(Failure) -> MetricDefinition.Form {
    guard let from = parts["from"], let to = parts["to"] else {
      throw file.failure("\"from\" goes with \"to\"", at: field.start)
    }
    var within: Int64?
    if let part = parts["within"] {
      let text = try file.string(part, "a duration like \"24h\"")
      within = parseDuration(text)
      guard within != nil else {
        throw file.failure("a duration is like 30m, 24h or 7d, not '\(text)'", at: part.start)
      }
    }
    let (opening, closing) = (try condition(from, &setup), try condition(to, &setup))
    if [opening.key, closing.key].contains("purchase") { plan.readsMoney = true }
    let cases = MetricPlan.Cases(
      key: try parts["key"].map { part throws(Failure) in try value(part, &setup) },
      size: try parts["size"].map { part throws(Failure) in try value(part, &setup) },
      within: within)
    let log = plan.log(cases, from: opening, to: closing)
    guard let asked = parts["cases"] else { return .cases(log, .share) }
    switch try file.word(asked, of: ["share", "mean", "p50", "p90", "closings"], "cases") {
    case "mean": return .cases(log, .seconds)
    case "p50": return .cases(log, .quantile(0.5))
    case "p90": return .cases(log, .quantile(0.9))
    case "closings":
      guard cases.size != nil else {
        throw file.failure("\"closings\" are divided by \"size\"", at: asked.start)
      }
      return .cases(log, .closingsBySize)
    default: return .cases(log, .share)
    }
  }

  /// What a side counts: a condition for its events, or an object that says what else.
  ///
  ///     "Order Completed"                          events
  ///     {"persons":"purchase"}                     persons with one in the period
  ///     {"personsKept":"interaction"}              those who had one in the period before too
  ///     {"sum":"properties.n","when":"Played"}     the sum of a value
  ///     {"money":"net"}                            money in the currency of the report
  private func count(
    _ field: Field, isByPerson: Bool, _ plan: inout MetricPlan, _ setup: inout Setup
  ) throws(Failure) -> MetricDefinition.Count {
    guard file.kind(of: field) == .object else {
      let test = try condition(field, &setup)
      return isByPerson
        ? .persons(try mark(test, field, &plan), .now) : .events(plan.counter(test))
    }
    let pairs = try file.members(of: field, "what is counted")
    guard let pair = pairs.first else {
      throw file.failure("nothing is counted here", at: field.start)
    }
    if pair.name == "sum" {
      guard pairs.count == 2, pairs[1].name == "when" else {
        throw file.failure("a sum is {\"sum\":VALUE,\"when\":CONDITION}", at: field.start)
      }
      let test = try condition(pairs[1].value, &setup)
      return .sum(plan.value(try value(pair.value, &setup), test, isListed: false))
    }
    guard pairs.count == 1 else {
      throw file.failure("one thing is counted at a time", at: pairs[1].key.start)
    }
    if let span = MetricDefinition.PersonSpan(rawValue: pair.name) {
      return .persons(try mark(try condition(pair.value, &setup), field, &plan), span)
    }
    switch pair.name {
    case "events": return .events(plan.counter(try condition(pair.value, &setup)))
    case "money":
      let words = MetricDefinition.MoneyKind.allCases.map(\.rawValue)
      let word = try file.word(pair.value, of: words, "money")
      plan.readsMoney = true
      return .money(MetricDefinition.MoneyKind(rawValue: word) ?? .net)
    default:
      throw file.unknown(
        pair,
        among: [
          "events", "persons", "personsBefore", "personsKept", "personsLost", "personsReturning",
          "sum", "money",
        ])
    }
  }

  private func mark(
    _ condition: MetricCondition, _ field: Field, _ plan: inout MetricPlan
  ) throws(Failure) -> Int {
    if case .purchase = condition { plan.readsMoney = true }
    guard let mark = plan.mark(condition) else {
      throw file.failure(
        "persons are counted by \(MetricPlan.marksMax) different conditions at most",
        at: field.start)
    }
    return mark
  }

  /// The events that a text means: a word of ``MetricCondition``, a name or an expression.
  private func condition(
    _ field: Field, _ setup: inout Setup
  ) throws(Failure) -> MetricCondition {
    let expected = "a condition like \"event == \\\"Login\\\"\""
    let text = try file.string(field, expected)
    guard !trimmed(text[...]).isEmpty else {
      throw file.failure("a condition is empty", at: field.start)
    }
    switch text {
    case "interaction": return .interaction
    case "purchase": return .purchase
    case _ where EventCondition.isName(text): return .event(.name(Array(text.utf8)))
    default:
      return .event(
        .expression(try setup.condition(field, of: file, expected, from: "metric \(name)")))
    }
  }

  private func value(_ field: Field, _ setup: inout Setup) throws(Failure) -> Expression {
    let expression = try file.expression(
      field, "a value like \"properties.rating\"", as: .value, from: "metric \(name)",
      in: &setup.environment)
    guard !expression.looksBack else {
      throw file.failure("a value is one of the event itself, not of earlier ones", at: field.start)
    }
    return expression
  }
}
