import Foundation
import TestSupport
import Testing

/// What was put in comes out of the events again.
@Suite struct TruthTests {
  /// Persons who stay anonymous have one id each, so that the tests need no linking.
  static let anonymous =
    ["--persons", "5000", "--sign-up", "0", "--enter", "90"] + Simulation.clean
  static let steps = [
    "Product Viewed", "Product Added", "Checkout Started", "Payment Info Entered",
    "Order Completed",
  ]

  @Test func theFunnelHasItsRatesAndDelays() throws {
    let rates = [0.7, 0.6, 0.5, 0.8]
    let means = [90.0, 1800.0, 20.0, 300.0]
    let options =
      TruthTests.anonymous
      + ["--step-rates", "70,60,50,80", "--step-delays", "90s,30m,20s,5m"]
    var firstTimes: [String: [Double?]] = [:]
    for event in try Simulation(options).events {
      guard let step = TruthTests.steps.firstIndex(of: event.name) else { continue }
      var times = firstTimes[event.visitor] ?? Array(repeating: nil, count: 5)
      if times[step] == nil { times[step] = event.seconds }
      firstTimes[event.visitor] = times
    }
    let truth = try Programs.run("simulate", options + ["--print-truth"]).records("simulate.step")
    let reached = (0..<5).map { step in firstTimes.values.filter { $0[step] != nil }.count }
    #expect(truth.map { $0["persons"] as? Int } == reached)
    for step in 1..<5 {
      #expect(
        isWithinFourErrors(reached[step], of: reached[step - 1], probability: rates[step - 1]))
      let delays = firstTimes.values.compactMap { times in
        times[step].flatMap { time in times[step - 1].map { time - $0 } }
      }
      let mean = delays.reduce(0, +) / Double(delays.count)
      let error = means[step - 1] / Double(delays.count).squareRoot()
      #expect(abs(mean - means[step - 1]) < 4 * error, "step \(step + 1): \(mean) s")
      #expect(delays.allSatisfy { $0 > 0 })
      #expect(truth[step]["probability"] as? Double == rates[step - 1])
      #expect(truth[step]["meanSeconds"] as? Double == means[step - 1])
    }
  }

  /// The chances of no and of one repeat order are those of Fader, Hardie and Lee 2005, formula 8.
  @Test func buyersBuyAgainByTheirProcess() throws {
    let (r, alpha, a, b) = (0.6, 15.0, 1.2, 3.0)
    let options =
      TruthTests.anonymous
      + ["--repeat", "0.6,15,1.2,3", "--days", "120", "--step-rates", "90,90,90,90"]
    let end = Date(timeIntervalSince1970: 1_767_225_600).addingTimeInterval(120 * 86_400)
    let orders = Dictionary(
      grouping: try Simulation(options).events.filter { $0.name == "Order Completed" },
      by: \.visitor)
    var expected = [0.0, 0.0]
    var variance = [0.0, 0.0]
    for times in orders.values.map({ $0.map(\.seconds) }) {
      let days = (end.timeIntervalSince1970 - (times.min() ?? 0)) / 86_400
      let none = pow(alpha / (alpha + days), r)
      let rest = days / (alpha + days)
      let one = b / (a + b) * r * none * rest + a / (a + b) * (1 - none)
      for (index, chance) in [none, one].enumerated() {
        expected[index] += chance
        variance[index] += chance * (1 - chance)
      }
    }
    for repeats in 0...1 {
      let count = Double(orders.values.filter { $0.count == repeats + 1 }.count)
      #expect(
        abs(count - expected[repeats]) < 4 * variance[repeats].squareRoot(),
        "\(count) of \(orders.count) buyers with \(repeats) repeats, not \(expected[repeats])")
    }
    let truth = try Simulation.truth("simulate.purchases", options)
    #expect(truth["buyers"] as? Int == orders.count)
    #expect(truth["orders"] as? Int == orders.values.reduce(0) { $0 + $1.count })
  }

  @Test func ordersHaveTheirMeanAndExactSum() throws {
    let options = TruthTests.anonymous + ["--spend", "5,6,20", "--currencies", "EUR"]
    let orders = try Simulation(options).events.filter { $0.name == "Order Completed" }
    let first = Dictionary(grouping: orders, by: \.visitor).values.compactMap {
      $0[0].number("revenue")
    }
    let mean = first.reduce(0, +) / Double(first.count)
    // Second moment of the gamma-gamma model: p (p + 1) γ² / ((q − 1) (q − 2)).
    let variance = 5 * 6 * 400 / (5.0 * 4) - 400
    #expect(abs(mean - 20) < 4 * (variance / Double(first.count)).squareRoot(), "\(mean)")
    let cents = orders.reduce(0) { $0 + Int((($1.number("revenue") ?? 0) * 100).rounded()) }
    let truth = try Simulation.truth("simulate.revenue", options)
    #expect(Int(((truth["revenue"] as? Double ?? 0) * 100).rounded()) == cents)
  }

  @Test func personsAreAnonymousUntilTheySignUp() throws {
    let options = ["--persons", "3000", "--visits", "4"] + Simulation.clean
    let events = try Simulation(options).events
    let users = Dictionary(grouping: events.filter { $0.userId != nil }) { $0.userId ?? "" }
    let devices = Dictionary(
      grouping: events.filter { $0.userId != nil && $0.anonymousId != nil }
    ) { $0.anonymousId ?? "" }
    for history in users.values {
      #expect(history[0].name == "Signed Up" && history[0].anonymousId != nil)
      #expect(history.filter { $0.name == "Signed Up" }.count == 1)
      #expect(Set(history.compactMap(\.anonymousId)).count <= 2)
    }
    // No device has two users, and the usual one was seen before the sign-up.
    #expect(devices.values.allSatisfy { Set($0.map(\.userId)).count == 1 })
    let seen = Set(events.filter { $0.userId == nil }.map(\.visitor))
    #expect(users.values.allSatisfy { seen.contains($0[0].anonymousId ?? "") })
    let truth = try Simulation.truth("simulate.truth", options)
    #expect(truth["signedUp"] as? Int == users.count)
    #expect(users.count > 1000)
    #expect(truth["persons"] as? Int == 3000)
    #expect(users.values.contains { Set($0.compactMap(\.anonymousId)).count == 2 })
  }

  @Test func visitsComeFromTheirSources() throws {
    let options = ["--persons", "5000"]
    let sources = try Programs.run("simulate", options + ["--print-truth"])
      .records("simulate.source")
    let total = sources.reduce(0) { $0 + ($1["visits"] as? Int ?? 0) }
    #expect(sources.reduce(0) { $0 + ($1["probability"] as? Double ?? 0) }.rounded() == 1)
    for source in sources {
      #expect(
        isWithinFourErrors(
          source["visits"] as? Int ?? 0, of: total,
          probability: source["probability"] as? Double ?? 0), "\(source)")
    }
  }

  @Test func aFewPersonsComeMostOften() throws {
    var shares: [Double] = []
    for shape in ["1.2", "50"] {
      let options =
        ["--activity", shape, "--visits", "5", "--persons", "1200", "--sign-up", "0"]
        + Simulation.clean
      let visits = Dictionary(grouping: try Simulation(options).events, by: \.visitor)
        .values.map(\.count).sorted(by: >)
      let most = visits.prefix(visits.count / 100).reduce(0, +)
      shares.append(Double(most) / Double(visits.reduce(0, +)))
    }
    #expect(shares[0] > 0.12 && shares[1] < 0.06, "\(shares)")
  }
}
