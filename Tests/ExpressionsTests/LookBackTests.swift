import Expressions
import Records
import Testing

/// An event of the random streams.
struct TestEvent {
  let person: UInt32
  let time: Int64
  let name: String
  let amount: String
  let fingerprint: UInt64

  var line: String {
    #"{"event":"\#(name)","properties":{"amount":\#(amount),"limit":\#(fingerprint % 5)}}"#
  }
}

/// A repeatable source of random numbers.
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// A calculation from all events of a person at a moment that is not before any of them.
enum BruteForce {
  /// What the window holds: events whose step is not below that of moment − length.
  static func window(_ events: [TestEvent], _ length: Int64, at moment: Int64) -> [TestEvent] {
    let step = (length + 63) / 64
    let first = floorDivide(moment - length, step)
    return events.filter { floorDivide($0.time, step) >= first }
  }

  static func days(_ events: [TestEvent], _ count: Int64, at moment: Int64) -> Int {
    let today = floorDivide(moment, 86_400_000)
    return Set(events.map { floorDivide($0.time, 86_400_000) }).count {
      $0 > today - count && $0 <= today
    }
  }

  static func periods(
    _ events: [TestEvent], _ length: Int64, _ count: Int64, _ least: Int, at moment: Int64
  ) -> Int {
    let step = (length + 63) / 64
    func first(_ periods: Int64) -> Int64 { floorDivide(moment - periods * length, step) }
    return (0..<count).count { period in
      let inside = events.count { event in
        let bucket = floorDivide(event.time, step)
        return bucket >= first(period + 1) && (period == 0 || bucket < first(period))
      }
      return inside >= least
    }
  }

  static func sequence(
    _ first: [TestEvent], _ second: [TestEvent], _ between: Int64, _ length: Int64,
    at moment: Int64
  ) -> Bool {
    let step = min(between, (length + 63) / 64)
    return second.contains { later in
      floorDivide(later.time, step) >= floorDivide(moment - length, step)
        && first.contains { earlier in
          (earlier.time, earlier.fingerprint) < (later.time, later.fingerprint)
            && later.time - earlier.time <= between
        }
    }
  }

  static func sum(_ events: [TestEvent]) -> Int64 {
    events.reduce(0) { $0 + Int64($1.amount.replacing(".", with: ""))! }
  }
}

@Suite("Looking back over a person's events")
struct LookBackTests {
  static let hour: Int64 = 3_600_000

  static func stream(_ count: Int, persons: UInt32, _ random: inout TestRandom) -> [TestEvent] {
    (0..<count).map { index in
      TestEvent(
        person: UInt32.random(in: 0..<persons, using: &random),
        // Many events share a time.
        time: Int64.random(in: 0..<400, using: &random) * hour / 2 - 20 * hour,
        name: ["A", "B", "C"].randomElement(using: &random)!,
        amount:
          "\(Int.random(in: -50..<500, using: &random)).\(Int.random(in: 10..<99, using: &random))",
        fingerprint: UInt64(index + 1))
    }
  }

  /// Observes events in an order, links all persons in an order, and gives the memory with the one
  /// person who is left.
  static func memory(
    _ environment: Environment, _ events: [TestEvent], links: [(UInt32, UInt32)],
    _ random: inout TestRandom
  ) throws -> (PersonMemory, UInt32) {
    var memory = PersonMemory(for: environment)
    var owners = Array(0..<UInt32(8))
    func owner(_ person: UInt32) -> UInt32 {
      var person = person
      while owners[Int(person)] != person { person = owners[Int(person)] }
      return person
    }
    var waiting = links
    for event in events {
      if !waiting.isEmpty, Int.random(in: 0..<10, using: &random) == 0 {
        let link = waiting.removeLast()
        let (left, right) = (owner(link.0), owner(link.1))
        if left != right {
          memory.link(absorbed: left, into: right)
          owners[Int(left)] = right
        }
      }
      let sample = try Sample(
        event.line, environment, time: event.time, fingerprint: event.fingerprint)
      let person = owner(event.person)
      memory.observe(person, sample.place, fields: sample.fields, in: sample.bytes.span)
      memory.captureIfLatest(person, sample.place, fields: sample.fields, in: sample.bytes.span)
    }
    for link in waiting {
      let (left, right) = (owner(link.0), owner(link.1))
      if left != right {
        memory.link(absorbed: left, into: right)
        owners[Int(left)] = right
      }
    }
    return (memory, owner(0))
  }

  static func outcome(_ value: TimedValue) -> String {
    switch value.result {
    case .success(let value): describe(value)
    case .failure(let error): "error \(error)"
    }
  }

  @Test("calls equal a count over all events, in any order and after any links")
  func bruteForce() throws {
    var random = TestRandom(state: 11)
    let sources = [
      "count(event == \"A\")", "count(event == \"A\", \"7d\")", "count(true, \"30m\")",
      "count(event != \"C\", \"100h\")", "sum(event == \"A\", properties.amount)",
      "sum(event == \"B\", properties.amount, \"2d\")", "first(event == \"A\")",
      "last(event == \"B\")", "latest(event == \"B\", properties.limit)", "event",
      "distinct(event != \"C\", properties.limit)", "distinct(true, properties.amount, \"30h\")",
      "days(event == \"A\", \"3d\")", "periods(event == \"B\", \"20h\", 5, 2)",
      "sequence(event == \"A\", event == \"B\", \"1h\", \"40h\")",
      "sequence(event == \"B\", event != \"A\", \"3h\", \"2h\")",
    ]
    var environment = Environment(allowsLookBack: true)
    let expressions = try sources.map { try environment.compile($0, as: .value) }
    for _ in 0..<15 {
      let count = Int.random(in: 0..<120, using: &random)
      let persons = UInt32.random(in: 1..<8, using: &random)
      var events = LookBackTests.stream(count, persons: persons, &random)
      let newest = events.map(\.time).max() ?? 0
      let moments = (0..<6).map { _ in
        newest + Int64.random(in: 0..<300, using: &random) * LookBackTests.hour / 3
      }
      var links = (0..<persons).dropFirst().map { ($0, UInt32.random(in: 0..<$0, using: &random)) }
      for _ in 0..<3 {
        events.shuffle(using: &random)
        links.shuffle(using: &random)
        var (memory, person) = try LookBackTests.memory(environment, events, links: links, &random)
        for moment in moments {
          let expected = LookBackTests.expected(events, at: moment)
          for (source, (expression, wanted)) in zip(sources, zip(expressions, expected)) {
            let value = memory.value(
              expression, person: person, at: Moment(milliseconds: moment))
            #expect(LookBackTests.outcome(value) == wanted, "\(source) at \(moment)")
          }
        }
      }
    }
  }

  /// What the expressions of the brute-force test must give.
  static func expected(_ events: [TestEvent], at moment: Int64) -> [String] {
    func window(_ length: Int64, _ isWanted: (TestEvent) -> Bool) -> [TestEvent] {
      BruteForce.window(events.filter(isWanted), length, at: moment)
    }
    func time(_ time: Int64?) -> String { time.map { "timestamp \($0 * 1_000_000)" } ?? "null" }
    func sum(_ events: [TestEvent]) -> String {
      describe(.number(DecimalNumber(coefficient: Int128(BruteForce.sum(events)), exponent: -2)))
    }
    func latest(_ events: [TestEvent]) -> TestEvent? {
      events.max { ($0.time, $0.fingerprint) < ($1.time, $1.fingerprint) }
    }
    let first = events.filter { $0.name == "A" }
    let second = events.filter { $0.name == "B" }
    return [
      "int \(first.count)", "int \(window(168 * hour) { $0.name == "A" }.count)",
      "int \(window(hour / 2) { _ in true }.count)",
      "int \(window(100 * hour) { $0.name != "C" }.count)",
      sum(first), sum(window(48 * hour) { $0.name == "B" }), time(first.map(\.time).min()),
      time(second.map(\.time).max()),
      latest(second).map { "number \($0.fingerprint % 5)e0" } ?? "null",
      latest(events).map { "text \"\($0.name)\"" } ?? "error noEvent",
      "int \(Set(events.filter { $0.name != "C" }.map { $0.fingerprint % 5 }).count)",
      "int \(Set(window(30 * hour) { _ in true }.map(\.amount)).count)",
      "int \(BruteForce.days(first, 3, at: moment))",
      "int \(BruteForce.periods(second, 20 * hour, 5, 2, at: moment))",
      "\(BruteForce.sequence(first, second, hour, 40 * hour, at: moment))",
      "\(BruteForce.sequence(second, events.filter { $0.name != "A" }, 3 * hour, 2 * hour, at: moment))",
    ]
  }

  @Test("the state is the same in any order of events and links")
  func sameState() throws {
    var random = TestRandom(state: 5)
    var environment = Environment(allowsLookBack: true)
    let rule = try environment.compile(
      "count(event == \"A\", \"1d\") > 1 && event == \"B\" || sum(true, properties.amount, \"3d\") > 9"
        + " || distinct(true, properties.amount, \"2d\") > 40 && days(event == \"C\", \"5d\") > 2"
        + " || sequence(event == \"C\", event == \"A\", \"90m\", \"1d\")"
        + " && periods(event == \"B\", \"5h\", 6, 1) > 1"
    )
    let events = LookBackTests.stream(150, persons: 6, &random)
    let links: [(UInt32, UInt32)] = [(1, 0), (2, 1), (3, 2), (4, 0), (5, 4)]
    var answers: [TimedAnswer] = []
    for round in 0..<8 {
      let order = round == 0 ? events : events.shuffled(using: &random)
      var (memory, person) = try LookBackTests.memory(
        environment, order, links: links.shuffled(using: &random), &random)
      var failures = 0
      for step in 0..<200 {
        let moment = 180 * LookBackTests.hour + Int64(step) * LookBackTests.hour / 2
        let answer = memory.holds(
          rule, person: person, at: Moment(milliseconds: moment), failures: &failures)
        if round == 0 { answers.append(answer) } else { #expect(answer == answers[step]) }
      }
      #expect(failures == 0)
    }
  }

  @Test(
    "no value changes before its validUntil, and those with windows and shifts change at it",
    arguments: [
      ("count(event == \"A\", \"10s\")", true), ("sum(true, properties.amount, \"5s\")", false),
      ("count(event == \"A\", \"10s\") >= 2 && event == \"B\"", false),
      ("now - last(event == \"B\") > duration(\"7s\")", true),
      ("now - last(event == \"B\") >= duration(\"7s\")", true),
      ("duration(\"7s\") == now - last(event == \"B\")", true),
      ("last(event == \"A\") + duration(\"2500ms\") < now", true),
      ("now != last(event == \"A\") + duration(\"3s\")", true),
      ("now < timestamp(\"1970-01-01T00:00:31.0004Z\")", true),
      ("timestamp(\"1970-01-01T00:00:31.5Z\") - now <= duration(\"600us\")", true),
      ("(now - first(true)).getSeconds()", true), ("(first(true) - now).getSeconds()", false),
      ("(timestamp(\"1970-01-01T00:00:36.5Z\") - now).getSeconds()", false),
      ("(timestamp(\"1970-01-01T00:00:36.0005Z\") - now).getMinutes() + int(now)", false),
      ("(now + duration(\"1ms\")).getSeconds() > 30", false), ("now.getMinutes()", false),
      ("int(now) % 7", false),
      ("count(true, \"4s\") > properties.limit ? now.getSeconds() : -1", false),
      ("now > last(event == \"none\") || count(true, \"3s\") > 0", false),
      ("[1, 2].exists(n, count(event == \"A\", \"6s\") == n)", false),
      ("distinct(true, properties.limit, \"5s\")", false), ("days(event == \"A\", \"1d\")", false),
      ("periods(event == \"A\", \"3s\", 4, 1)", false), ("periods(true, \"2500ms\", 3, 2)", false),
      ("sequence(event == \"A\", event == \"B\", \"2s\", \"9s\")", true),
      ("sequence(event == \"A\", event == \"B\", \"100ms\", \"8s\")", false),
      ("properties.limit in [0, 1] || now - first(true) < duration(\"12s\")", false),
    ])
  func validUntil(_ source: String, _ isExact: Bool) throws {
    var random = TestRandom(state: 77)
    var environment = Environment(allowsLookBack: true)
    let expression = try environment.compile(source, as: .value)
    for _ in 0..<2 {
      var memory = PersonMemory(for: environment)
      let count = Int.random(in: 0..<12, using: &random)
      for index in 0..<count {
        let event = TestEvent(
          person: 0, time: Int64.random(in: 20_000..<30_000, using: &random),
          name: ["A", "B"].randomElement(using: &random)!, amount: "1.25",
          fingerprint: UInt64(index))
        let sample = try Sample(
          event.line, environment, time: event.time, fingerprint: event.fingerprint)
        memory.observe(0, sample.place, fields: sample.fields, in: sample.bytes.span)
        memory.captureIfLatest(0, sample.place, fields: sample.fields, in: sample.bytes.span)
      }
      var until = Moment.distantPast
      var last = ""
      var answers = 0
      for time in Int64(30_000)..<47_000 {
        let moment = Moment(milliseconds: time)
        let value = memory.value(expression, person: 0, at: moment)
        let outcome = LookBackTests.outcome(value)
        if moment < until {
          #expect(outcome == last, "\(source) changed at \(time), valid until \(until)")
        } else {
          if isExact, until != .distantPast { #expect(outcome != last, "\(source) at \(time)") }
          answers += 1
        }
        #expect(value.validUntil > moment)
        (until, last) = (moment < until ? until : value.validUntil, outcome)
      }
      // What is asked again and again must not be asked all the time.
      #expect(answers < 200, "\(source)")
    }
  }

  @Test("a login that is long past is noticed one millisecond after its time")
  func flip() throws {
    var environment = Environment(allowsLookBack: true)
    let rule = try environment.compile("now - last(event == \"Login\") > duration(\"336h\")")
    var memory = PersonMemory(for: environment)
    let sample = try Sample(#"{"event":"Login"}"#, environment, time: 5000)
    memory.observe(3, sample.place, fields: sample.fields, in: sample.bytes.span)
    var failures = 0
    let flip = Moment(milliseconds: 5000 + 336 * LookBackTests.hour + 1)
    let before = memory.holds(
      rule, person: 3, at: Moment(milliseconds: 5000), failures: &failures)
    #expect(before == TimedAnswer(holds: false, validUntil: flip))
    let after = memory.holds(rule, person: 3, at: flip, failures: &failures)
    #expect(after == TimedAnswer(holds: true, validUntil: .distantFuture))
    #expect(failures == 0)
    // Who never logged in has no such time: an error, so false.
    let stranger = memory.holds(rule, person: 9, at: flip, failures: &failures)
    #expect(stranger == TimedAnswer(holds: false, validUntil: .distantFuture))
    #expect(failures == 1)
  }

  @Test("equal calls are kept once, and a sum leaves out what is no number")
  func sharing() throws {
    var environment = Environment(allowsLookBack: true)
    let sum = try environment.compile("sum(event == \"A\", properties.amount)", as: .value)
    let same = try environment.compile("sum( event==\"A\", properties.amount ) > 1")
    #expect(sum.looksBack && same.looksBack && !same.readsOnlyEventName)
    var memory = PersonMemory(for: environment)
    for amount in ["0.1", "0.2", "\"x\"", "1e400", "null", "1e-30"] {
      let event = TestEvent(person: 0, time: 0, name: "A", amount: amount, fingerprint: 0)
      let sample = try Sample(event.line, environment)
      memory.observe(0, sample.place, fields: sample.fields, in: sample.bytes.span)
    }
    let value = memory.value(sum, person: 0, at: Moment(milliseconds: 0))
    #expect(LookBackTests.outcome(value) == "number 300000000000000000000000000001e-30")
    #expect(memory.failureCount == 3)
  }

  @Test(
    "what an expression reads of the event is captured, whatever its type",
    arguments: [
      "null", "true", "12", "-1.50", "1e400", "\"caf\\u00e9\"",
      "[1,[\"x\",null],{\"a\":{\"b\":2}}]",
      "{\"k\":[true,false]}", "123456789012345678901234567890123456789012",
    ])
  func captures(_ json: String) throws {
    var environment = Environment(allowsLookBack: true)
    let value = try environment.compile("[x, count(true)]", as: .value)
    let more = try environment.compile(
      "{\"a\": timestamp(1) + duration(\"1s\"), \"b\": [b\"x\", type(x), 2u, 0.5, x], \"c\": last(true)}",
      as: .value)
    let sample = try Sample(#"{"x":\#(json)}"#, environment, time: 4)
    var memory = PersonMemory(for: environment)
    memory.observe(0, sample.place, fields: sample.fields, in: sample.bytes.span)
    memory.capture(0, sample.place, fields: sample.fields, in: sample.bytes.span)
    var direct = Environment()
    let plain = try direct.compile("[x, 1]", as: .value)
    let wanted = try Sample(#"{"x":\#(json)}"#, direct).outcome(plain)
    #expect(LookBackTests.outcome(memory.value(value, person: 0, at: sample.place.time)) == wanted)
    let other = LookBackTests.outcome(memory.value(more, person: 0, at: sample.place.time))
    #expect(other.contains("timestamp 2000000000") && other.contains("timestamp 4000000"))
    #expect(other.contains("[bytes [120], type ") && other.contains("uint 2, double 0.5, "))
  }

  @Test("an error in a captured part is absorbed as in the whole")
  func capturedErrors() throws {
    var environment = Environment(allowsLookBack: true)
    let absorbed = try environment.compile("properties.none > 1 || count(true) > 0")
    let failing = try environment.compile("properties.none > 1 && count(true) > 0")
    let sample = try Sample(#"{"properties":{}}"#, environment)
    var memory = PersonMemory(for: environment)
    memory.observe(0, sample.place, fields: sample.fields, in: sample.bytes.span)
    memory.captureIfLatest(0, sample.place, fields: sample.fields, in: sample.bytes.span)
    var failures = 0
    let now = sample.place.time
    #expect(memory.holds(absorbed, person: 0, at: now, failures: &failures).holds)
    #expect(failures == 0)
    #expect(!memory.holds(failing, person: 0, at: now, failures: &failures).holds)
    #expect(failures == 1)
  }
}
