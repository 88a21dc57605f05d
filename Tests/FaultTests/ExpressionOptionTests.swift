import Foundation
import TestSupport
import Testing

/// What every program says of the expressions that it is given.
@Suite("Options with expressions") struct ExpressionOptionTests {
  @Test("an expression is explained in place of a run", arguments: Member.all)
  func explains(_ member: Member) throws {
    let outcome = try Programs.shell(
      "timeout 10 \(member.command) --where 'properties.n > 1 && !bot' --explain-expr < /dev/zero")
    #expect(outcome.status == 0)
    #expect(member.messages(outcome).isEmpty)
    #expect(
      outcome.text.contains(
        """
        properties.n > 1 && !bot
          for     --where
          value   true or false
          reads   properties.n, bot
          costs   at most 7 steps an event

        """))
    let wrong = try Programs.shell("\(member.command) --where 'event.matches(r\"a(b\")'")
    #expect(wrong.status == 64)
    #expect(
      member.messages(wrong).contains(
        """
        --where: this '(' is never closed
          event.matches(r"a(b")
                           ^
        """))
  }

  @Test("a name that no event has and that looks like a slip is told", arguments: Member.all)
  func slips(_ member: Member) throws {
    let command = "\(member.command) --where 'evnt == \"A\" || stge == \"B\"'"
    let slip = "no event of this run has 'evnt', which an expression reads: did you mean 'event'?"
    let line = #"{"event":"A","userId":"u","timestamp":"2026-03-01T00:00:00Z","stge":"B"}"# + "\n"
    let told = try Programs.shell(command, input: Data(line.utf8))
    #expect(member.messages(told).contains(slip))
    #expect(!member.messages(told).contains("stge"))
    let has = line.replacing("\"event\"", with: "\"evnt\":1,\"event\"")
    for input in [has, line + has, has + line, ""] {
      let outcome = try Programs.shell(command, input: Data(input.utf8))
      #expect(!member.messages(outcome).contains("did you mean"), "\(input)")
    }
  }

  @Test("--where '!bot' keeps people, whether parse marked them or not", arguments: Member.all)
  func people(_ member: Member) throws {
    guard member.name == "segment", !member.reports else { return }
    let events = ["", #","bot":false"#, #","bot":true"#].enumerated().map { number, mark in
      #"{"event":"A","userId":"\#(number)","timestamp":"2026-03-01T00:00:00Z"\#(mark)}"# + "\n"
    }
    let outcome = try Programs.shell(
      "\(member.command) --where '!bot' | grep -o '\"userId\":\"[0-9]\"'",
      input: Data(events.joined().utf8))
    #expect(outcome.text == "\"userId\":\"0\"\n\"userId\":\"1\"\n")
  }
}
