import Pipes
import Records

/// What happened in a run, counted where it was made.
struct Truth: Sendable {
  private var events = [Int](repeating: 0, count: EventKind.allCases.count)
  private var firstJourneys = [Int](repeating: 0, count: EventKind.allCases.count)
  /// Visits with a browser, by where they come from.
  private var visits = [Int](repeating: 0, count: Source.all.count)
  private var cents: [Int]
  private var persons = 0
  private var landings = 0
  private var bots = 0
  private var elsewhere = 0
  private var oldest: Int64?
  private var newest: Int64?
  private let currencies: [String]

  /// Nothing has happened; persons pay in these currencies.
  init(currencies: [String]) {
    self.currencies = currencies
    cents = [Int](repeating: 0, count: currencies.count)
  }

  /// All events, those of crawlers too.
  var eventCount: Int { events.reduce(0, +) }

  /// Counts an event.
  mutating func count(_ event: Occurrence) {
    let kind = Int(event.kind.rawValue)
    events[kind] += 1
    if oldest == nil { oldest = event.time }
    newest = event.time
    if event.isFirstJourney { firstJourneys[kind] += 1 }
    if event.isCrawler {
      bots += 1
    } else if event.isLanding {
      landings += 1
      if event.kind == .pageViewed { visits[event.source] += 1 }
      elsewhere += event.deviceSlot
      if event.isFirst { persons += 1 }
    } else if event.kind == .orderCompleted {
      cents[event.number % currencies.count] += event.cents
    }
  }

  private func count(_ kind: EventKind) -> Int { events[Int(kind.rawValue)] }

  /// Writes the truth as records.
  func report(_ scenario: Scenario, _ delivery: Delivery, into output: inout Output) {
    reportRun(scenario, delivery, into: &output)
    for (index, kind) in EventKind.steps.enumerated() {
      output.report("simulate.step") { writer in
        writer.field("step", index + 1)
        writer.field("name", kind.name)
        writer.field("persons", firstJourneys[Int(kind.rawValue)])
        writer.field("probability", index == 0 ? nil : scenario.stepRates[index - 1])
        writer.field("meanSeconds", index == 0 ? nil : scenario.stepDelays[index - 1] / 1000)
      }
    }
    if let cause = scenario.shippingCause {
      output.report("simulate.driver") { writer in
        writer.field("step", 4)
        writer.field("name", "properties.shipping")
        writer.field("value", Double(ShippingCause.cents) / 100)
        writer.field("oddsRatio", cause.oddsRatio)
      }
    }
    reportPurchases(scenario.purchase, into: &output)
    for (index, source) in Source.all.enumerated() {
      output.report("simulate.source") { writer in
        writer.field("channel", source.group)
        writer.field("source", source.campaign?.source)
        writer.field("medium", source.campaign?.medium)
        writer.field("campaign", source.campaign?.name)
        writer.field("referrer", source.referrer)
        writer.field("probability", Double(source.percent) / 100)
        writer.field("visits", visits[index])
      }
    }
    for kind in EventKind.allCases {
      output.report("simulate.event") { writer in
        writer.field("name", kind.name)
        writer.field("events", count(kind))
      }
    }
  }

  private func reportRun(
    _ scenario: Scenario, _ delivery: Delivery, into output: inout Output
  ) {
    output.report("simulate.truth") { writer in
      writer.field("seed", Int(scenario.seed))
      writer.field("from", oldest.map { Moment(milliseconds: $0) })
      writer.field("to", newest.map { Moment(milliseconds: $0) })
      writer.field("events", eventCount)
      writer.field("persons", persons)
      writer.field("signedUp", count(.signedUp))
      writer.field("visits", landings)
      writer.field("visitsElsewhere", elsewhere)
      writer.field("meanVisits", scenario.visits)
      writer.field("activityShape", scenario.activityShape)
      writer.field("enterProbability", scenario.enters)
      writer.field("signUpProbability", scenario.signsUp)
      writer.field("openProbability", Scenario.opens.chance)
      writer.field("clickProbability", Scenario.clicks.chance)
      writer.field("bots", bots)
      writer.field("duplicates", delivery.duplicates)
      writer.field("late", delivery.late)
      writer.field("lateSeconds", Double(scenario.noise.lateBy) / 1000)
      writer.field("broken", delivery.broken)
      writer.field("lines", eventCount + delivery.duplicates + delivery.broken)
    }
  }

  private func reportPurchases(_ purchase: PurchaseProcess, into output: inout Output) {
    output.report("simulate.purchases") { writer in
      writer.field("buyers", firstJourneys[Int(EventKind.orderCompleted.rawValue)])
      writer.field("orders", count(.orderCompleted))
      writer.field("r", purchase.r)
      writer.field("alphaDays", purchase.alphaDays)
      writer.field("a", purchase.a)
      writer.field("b", purchase.b)
      writer.field("p", purchase.p)
      writer.field("q", purchase.q)
      writer.field("gamma", purchase.gamma)
      writer.field(
        "meanValue", purchase.q > 1 ? purchase.p * purchase.gamma / (purchase.q - 1) : nil)
    }
    var numbers = NumberText()
    for (index, currency) in currencies.enumerated() {
      var sum: [UInt8] = []
      numbers.append(cents: cents[index], to: &sum)
      output.report("simulate.revenue") { writer in
        writer.field("currency", currency)
        writer.field("revenue", json: sum)
      }
    }
  }
}
