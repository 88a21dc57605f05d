import Records
import TestSupport
import Testing

@testable import Expressions

@Suite("Quick answers")
struct QuickProgramTests {
  static let conditions = [
    "event == 'A'", "event != 'A' || bot", "channel in ['web', 'email', '']", "stage == ''",
    "properties.plan == 'pro' || properties.plan == 'team'", "!(properties.n > 2.5)",
    "properties.n >= 2 && has(properties.plan)",
    "has(properties.inner.deep) ? bot : channel == 'web'",
    "properties.inner.deep.startsWith('de')", "properties.plan.endsWith('o')",
    "properties.plan.contains('e')", "properties.vip", "properties.vip == true || bot == false",
    "properties.plan.matches('^p|m$')", "channel.matches('(a|w)eb?') || stage.matches('')",
    "properties.inner.deep.matches('.*p') && event.matches('(?i)a')", "channel == null",
    "properties.n != null", "has(record.channel) && channel != 'web'",
    "now - timestamp('2026-01-01T00:00:00Z') > duration('1h')", "event == null || type == 'page'",
    "properties.inner == null || true", "segments == null", "properties.n == 2 == bot",
    "channel == 'web' || channel == 'email' || channel == ''", "stage == 'A' || stage == ''",
    "event == 'A' || event == 'team' || bot || 'pro' == event",
    "!(properties.plan == 'pro' || properties.n == 'web' || properties.n == 'team')",
  ]

  /// A record whose parts are there, missing or of another type.
  static func line(_ random: inout Randomness) -> String {
    let texts = ["\"A\"", "\"web\"", "\"pro\"", "\"d\\u0065ep\"", "\"\"", "\"é\"", "\"team\""]
    func any(_ random: inout Randomness) -> String {
      random.one(
        of: texts + [
          "null", "true", "false", "2", "2.5", "3e0", "-1", "[]", "{}", "12345678901234567890",
        ])
    }
    var members: [String] = []
    for key in ["event", "type", "channel", "bot", "stage", "segments"] where random.happens(60) {
      members.append("\"\(key)\":\(any(&random))")
    }
    if random.happens(80) {
      var inner: [String] = []
      for key in ["plan", "n", "vip", "plan", "inner"] where random.happens(60) {
        let value =
          key == "inner" && random.happens(70) ? "{\"deep\":\(any(&random))}" : any(&random)
        inner.append("\"\(key)\":\(value)")
      }
      let value = random.happens(10) ? any(&random) : "{\(inner.joined(separator: ","))}"
      members.append("\"properties\":\(value)")
    }
    return "{\(members.joined(separator: ","))}"
  }

  @Test("say what the evaluation says, where they say something")
  func sameAsTruth() throws {
    var random = Randomness(seed: 3)
    var environment = Environment()
    let expressions = try Self.conditions.map { try environment.compile($0) }
    var answered = 0
    for _ in 0..<5_000 {
      let line = Self.line(&random)
      let sample = try Sample(line, environment, time: 1_767_225_600_000)
      let bytes = sample.bytes.span
      for expression in expressions {
        var quickFrame = QuickFrame(sample.place)
        let quick = expression.quick.answer(
          expression.quickRoot, bytes, sample.fields, [], &quickFrame)
        var frame = Frame(sample.place)
        let program = expression.program
        let slow = try? program.truth(program.root, bytes, sample.fields, &frame)
        if quick == .unknown { continue }
        answered += 1
        #expect(
          quick == (slow.map { QuickAnswer($0) } ?? .failure), "\(expression.source): \(line)")
      }
    }
    #expect(answered > 80_000)
  }

  @Test("JSON of a field is what the evaluation writes")
  func sameJSON() throws {
    var random = Randomness(seed: 4)
    var environment = Environment()
    let sources = ["event", "channel", "properties.plan", "properties.inner.deep", "stage", "bot"]
    let expressions = try sources.map { try environment.compile($0, as: .value) }
    for _ in 0..<3_000 {
      let line = Self.line(&random)
      let sample = try Sample(line, environment)
      for expression in expressions {
        var wanted: [UInt8] = []
        if let value = try? sample.value(expression) {
          value.append(to: &wanted, from: sample.bytes.span)
        } else {
          wanted.append("null")
        }
        let text = sample.json(expression)
        // Numbers keep their digits.
        if text.contains("e") && text.first!.isNumber || text.hasPrefix("2.") { continue }
        #expect(text == String(decoding: wanted, as: UTF8.self), "\(expression.source): \(line)")
      }
    }
  }

  @Test("rules answered at an event are what their captured parts say, and as long")
  func rulesAtEvents() throws {
    var random = TestRandom(state: 21)
    var environment = Environment(allowsLookBack: true)
    let rules = try [
      "count(event == 'A') > 1", "count(event == 'A', '30h') + count(event == 'B') >= 4",
      "sum(event == 'B', properties.amount, '50h') > 300.5", "sum(true, properties.amount) <= 900",
      "event == 'A' && 2 < count(event != 'C', '20h')", "properties.limit > 2 || event == 'C'",
      "now - last(event == 'B') > duration('9h')", "last(event == 'C') == null",
      "first(event == 'A') + duration('30h') < now ? properties.limit == 1 : event in ['A', 'B']",
      "latest(event == 'A', properties.limit) == 3", "properties.missing == 1 || event == 'B'",
      "sum(event == 'A', properties.amount) - 100 > 0", "!has(properties.limit) || 3 > 2",
    ].map { try environment.compile($0) }
    for round in 0..<10 {
      let events = LookBackTests.stream(150, persons: 4, &random).sorted { $0.time < $1.time }
      var together = PersonMemory(for: environment, rules: rules)
      var passing = PersonMemory(for: environment, rules: rules, keepsEvents: false)
      var alone = PersonMemory(for: environment)
      var failures = [0, 0, 0]
      for event in events {
        let sample = try Sample(
          event.line, environment, time: event.time, fingerprint: event.fingerprint)
        let (person, place, bytes) = (event.person, sample.place, sample.bytes.span)
        let moment = place.time
        together.take(
          person, place, fields: sample.fields, in: bytes, at: moment, failures: &failures[0])
        passing.take(
          person, place, fields: sample.fields, in: bytes, at: moment, failures: &failures[1])
        alone.observe(person, place, fields: sample.fields, in: bytes)
        alone.capture(person, place, fields: sample.fields, in: bytes)
        var (wanted, validUntil): (UInt64, Moment) = (0, .distantFuture)
        for (index, rule) in rules.enumerated() {
          let answer = alone.holds(rule, person: person, at: moment, failures: &failures[2])
          if answer.holds { wanted |= 1 << UInt64(index) }
          validUntil = min(validUntil, answer.validUntil)
        }
        #expect(together.answers == [wanted] && passing.answers == [wanted], "round \(round)")
        #expect(together.validUntil == validUntil)
        together.ask(person, at: moment, failures: &failures[0])
        failures[0] = failures[2]
        #expect(together.answers == [wanted] && together.validUntil == validUntil)
      }
      #expect(failures[1] == failures[2])
      #expect(together.failureCount == alone.failureCount)
    }
  }
}
