import Foundation
import TestSupport
import Testing

/// Metrics of one's own: what `--define` takes, and what it says of what it cannot take.
@Suite struct DefinitionTests {
  /// Runs with a file of definitions.
  private func kpi(_ metrics: String, _ options: String = "", _ events: String = "") throws
    -> Outcome
  {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("footfall-define-\(UUID().uuidString).json")
    try Data(metrics.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try Programs.shell(
      "cd '\(file.deletingLastPathComponent().path)' && kpi --define \(file.lastPathComponent) \(options)",
      input: Data(events.utf8))
  }

  /// Definitions in words of CEL alone, each with the built-in metric that it is the same as.
  static let twins: [(name: String, definition: String)] = [
    (
      "conversionRate",
      #""numerator":{"persons":"event == 'Order Completed'"},"denominator":{"persons":"!(event in ['Email Delivered'])"}"#
    ),
    (
      "emailOpenRate",
      #""numerator":"event == \"Email Opened\"","denominator":"event.startsWith('Email D')""#
    ),
    (
      "purchaseFrequency",
      #""unit":"number","numerator":"event == 'Order Completed'","denominator":{"persons":"event == 'Order Completed'"}"#
    ),
    (
      "nps",
      #""numerator":"event == 'Survey Answered' && properties.score > 8","minus":"event == 'Survey Answered' && properties.score <= 6","denominator":"Survey Answered""#
    ),
    (
      "retentionRate",
      #""numerator":{"personsKept":"event != 'Email Delivered'"},"denominator":{"personsBefore":"event != 'Email Delivered'"}"#
    ),
    (
      "reviewAverage",
      #""mean":"properties.rating","when":"event == 'Product Reviewed' && properties.rating > 0""#
    ),
  ]

  /// Events of all the names that the twins ask for, of a few persons in three months.
  static let events: String = {
    var randomness = Randomness(seed: 9)
    let names = [
      "Order Completed", "Email Delivered", "Email Opened", "Survey Answered", "Product Reviewed",
      "Page Viewed",
    ]
    return (0..<600).map { _ in
      let name = randomness.one(of: names)
      let (month, day) = (randomness.number(1...3), randomness.number(10...28))
      return "{\"event\":\"\(name)\",\"userId\":\"u\(randomness.number(0...80))\","
        + "\"timestamp\":\"2026-0\(month)-\(day)T12:00:00Z\",\"properties\":{"
        + "\"score\":\(randomness.number(0...10)),\"rating\":\(randomness.number(1...5))}}\n"
    }.joined()
  }()

  @Test(
    "a metric of one's own gives what the built-in of the same definition gives", arguments: twins)
  func twin(name: String, definition: String) throws {
    let own = try kpi(
      "{\"metrics\":[{\"name\":\"own\",\(definition)}]}", "--metrics own,\(name)", Self.events)
    #expect(own.status == 0, "\(own.errorText)")
    func results(_ metric: String) -> [String] {
      own.lines.filter { $0.contains("\"metric\":\"\(metric)\"") }.map { line in
        // The word of a band is the built-in's alone.
        line.replacingOccurrences(of: metric, with: "")
          .replacingOccurrences(of: #","band":"[a-z]+""#, with: "", options: .regularExpression)
      }
    }
    #expect(results("own").count == 3)
    #expect(results("own") == results(name))
    #expect(!results("own")[2].contains("\"result\":null"))
  }

  @Test("what is built in is written in the form that is read")
  func definitions() throws {
    let text = try Programs.shell("kpi --definitions").text
    let outcome = try kpi(text, "", Self.events)
    let builtIn = try Programs.run("kpi", text: Self.events)
    #expect(outcome.text == builtIn.text)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let metrics = try #require(object["metrics"] as? [[String: Any]])
    for metric in metrics {
      for key in ["name", "about", "formula", "unit", "source", "better"] {
        #expect((metric[key] as? String)?.isEmpty == false, "\(metric["name"] ?? "") \(key)")
      }
      // The events that are named are all those that the conditions ask for.
      let conditions = try ["numerator", "minus", "denominator", "when"].map { key in
        try metric[key].map {
          String(
            decoding: try JSONSerialization.data(withJSONObject: $0, options: .fragmentsAllowed),
            as: UTF8.self)
        } ?? ""
      }.joined()
      for word in conditions.matches(of: /[A-Z][a-z]+ [A-Z][a-z]+( [A-Z][a-z]+)?/) {
        let events = metric["events"] as? [String] ?? []
        #expect(events.contains(String(word.output.0)), "\(metric["name"] ?? "") \(word.output.0)")
      }
    }
  }

  @Test("a metric of one's own takes the place of a built-in one, and is the only one asked for")
  func replaces() throws {
    let outcome = try kpi(
      #"{"metrics":[{"name":"visitors","numerator":"Page Viewed"}]}"#,
      "--metrics visitors --period year", Self.events)
    let pages = Self.events.split(separator: "\n").count { $0.contains("Page Viewed") }
    #expect(outcome.text.contains("\"value\":\(pages),"))
  }

  @Test(
    "what is wrong in a file is told with its place",
    arguments: [
      (#"{"metrics":[{"name":"a","numerator":"event ="}]}"#, ":1:44: "),
      (
        #"{"metrics":[{"name":"a","numerator":"events == 'A'","denomnator":"B"}]}"#,
        "did you mean 'denominator'?"
      ),
      (#"{"metrics":[{"name":"a"}]}"#, ":1:13: a metric has one of"),
      (#"{"metrics":[{"numerator":"A"}]}"#, ":1:13: a metric needs a text \"name\""),
      (#"{"metrics":[]}"#, "a file of metrics is"),
      (#"{"metrics":[{"name":"a","numerator":{"person":"A"}}]}"#, "did you mean 'persons'?"),
      (#"{"metrics":[{"name":"a","numerator":"A","of":"x"}]}"#, "\"of\" goes with \"quantile\""),
      (
        #"{"metrics":[{"name":"a","quantile":2,"of":"x","when":"A"}]}"#,
        ":1:36: a quantile lies from 0 to 1"
      ),
      (#"{"metrics":[{"name":"a","mean":"x"}]}"#, "a value needs \"when\""),
      (#"{"metrics":[{"name":"a","mean":"count(true)","when":"A"}]}"#, "one of the event itself"),
      (
        #"{"metrics":[{"name":"a","numerator":"A"},{"name":"a","numerator":"B"}]}"#,
        ":1:50: two metrics are named 'a'"
      ),
      (#"{"metrics":[{"name":"a","product":["a"]}]}"#, "'a' is a product of itself"),
      (
        #"{"metrics":[{"name":"a","product":["clw"]}]}"#,
        "there is no metric 'clw'; did you mean 'clv'?"
      ),
      (
        #"{"metrics":[{"name":"a","numerator":"A","unit":"percent"}]}"#,
        "\"unit\" is one of share, points"
      ),
    ])
  func refuses(metrics: String, message: String) throws {
    let outcome = try kpi(metrics)
    #expect(outcome.status == 64)
    #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
    #expect(outcome.text.isEmpty)
  }

  @Test(
    "what cannot be meant is told",
    arguments: [
      ("--metrics npx", "there is no metric 'npx'; did you mean 'nps'?"),
      ("--metrics ,", "--metrics ',' names no metric"), ("--lifespan 0", "--lifespan takes years"),
      ("--period hour", "--period takes day, week, month, quarter, year, not 'hour'"),
      ("--define /nowhere/metrics.json", "/nowhere/metrics.json"),
    ])
  func refusesOptions(options: String, message: String) throws {
    let outcome = try Programs.shell("kpi \(options) < /dev/null")
    #expect(outcome.status == 64 || outcome.status == 66)
    #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
  }
}
