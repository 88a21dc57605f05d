import TestSupport
import Testing

/// Every option does something, and says so where it cannot.
@Suite struct OptionTests {
  static let base = ["--persons", "400", "--seed", "3"]

  @Test(arguments: [
    ["--visits", "4"], ["--start", "2025-05-01"], ["--days", "30"], ["--context", "full"],
    ["--currencies", "EUR,USD"], ["--enter", "80"], ["--step-rates", "90,90,90,90"],
    ["--step-delays", "1h,1h,1h,1h"], ["--sign-up", "0"], ["--activity", "4"],
    ["--repeat", "2,10,1,5"], ["--spend", "6,4,30"], ["--bots", "9"], ["--duplicates", "9"],
    ["--late", "9"], ["--late-by", "1d"], ["--broken", "9"], ["--ties", "9"],
    ["--format", "segment"], ["--events", "700"], ["--print-truth"],
    ["--groups"],
  ])
  func everyOptionHasAnEffect(option: [String]) throws {
    #expect(try Simulation(OptionTests.base + option).text != Simulation(OptionTests.base).text)
  }

  @Test func eventsLieInThePeriod() throws {
    let events = try Simulation(
      ["--persons", "500", "--start", "2024-02-20", "--days", "12"] + Simulation.clean
    ).events
    let days = events.map { String($0.timestamp.prefix(10)) }
    #expect(days.min() == "2024-02-20" && days.max() == "2024-03-02")
    #expect(days.contains("2024-02-29"))
  }

  @Test func manyEventsOfFewPersonsFillAboutThePeriod() throws {
    let options = ["--events", "60000", "--persons", "900", "--days", "60"]
    let truth = try Simulation.truth("simulate.truth", options)
    let end = truth["to"] as? String ?? ""
    #expect(end > "2026-02-20" && end < "2026-03-12", "\(end)")
    #expect(truth["persons"] as? Int == 900)
  }

  @Test func currenciesAreSharedEvenly() throws {
    let text = try Simulation(["--persons", "2000", "--currencies", "EUR,PLN"]).text
    #expect(text.contains("\"currency\":\"EUR\"") && text.contains("\"currency\":\"PLN\""))
  }

  @Test(arguments: [
    (["file.ndjson"], "simulate reads nothing: what should it do with 'file.ndjson'?"),
    (["--bots", "101"], "--bots takes a number from 0 to 100, not '101'"),
    (["--late", "60"], "--late takes a number from 0 to 50, not '60'"),
    (["--late-by", "0s"], "--late-by takes a duration of at most a year"),
    (["--ties", "x"], "--ties takes a number from 0 to 100, not 'x'"),
    (["--persons", "0"], "--persons takes a whole number from 1 to 20000000, not '0'"),
    (
      ["--step-rates", "1,2"],
      "--step-rates takes 4 numbers with commas between them, each from 0 to 100, not '1,2'"
    ),
    (
      ["--step-delays", "1m,2m"],
      "--step-delays takes four durations like 4m,10m,2m,1m, not '1m,2m'"
    ),
    (["--currencies", "euro"], "--currencies takes codes like EUR,USD, not 'euro'"),
    (
      ["--events", "5", "--visits", "3"], "--visits follows from --events: give only one of them"
    ),
  ])
  func whatCannotBeDoneIsSaid(options: [String], message: String) throws {
    let outcome = try Programs.run("simulate", options)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.errorText.split(separator: "\n").first.map(String.init) == "simulate: \(message)")
  }
}
