import TestSupport
import Testing

@testable import Pipes
@testable import segment
@testable import session

/// What segment writes of each event is the same whether the run was interrupted or not.
@Suite("States of annotators") struct AnnotatorStateTests {
  static let options: [[String]] =
    [
      [], ["--changes"], ["--no-link", "--changes"],
      ["--changes", "--builtin", "lifecycle,rfm,value,channel,device", "--period", "week"],
    ].map { ["--rules", StateRules.file] + $0 } + [["--builtin", "value", "--currency", "EUR"]]

  @Test("segment goes on", arguments: options)
  func interrupted(_ arguments: [String]) throws {
    let run = StateRun<EventStage<Segment>>(arguments)
    for seed in [1, 2, 3] as [UInt64] {
      let lines = StateEvents.lines(240, seed: seed, persons: 25, isSorted: seed != 1)
      let whole = try run.whole(lines)
      #expect(whole.text.split(separator: "\n").count > 200)
      for places in [[0], [1], [37], [120, 121], [239, 240], [50, 100, 150]] {
        #expect(try run.interrupted(lines, after: places) == whole, "\(seed) \(places)")
      }
    }
  }

  static let sessions: [[String]] = [
    [], ["--rules", "posthog", "--idle", "20d", "--max", "30d"],
    ["--rules", "matomo", "--no-link"],
    ["--idle", "9d", "--max-events", "3", "--event", "properties.n > 1"],
  ]

  @Test("session goes on", arguments: sessions)
  func interruptedSessions(_ arguments: [String]) throws {
    let run = StateRun<EventStage<Sessions>>(arguments)
    for seed in [1, 2, 3] as [UInt64] {
      let lines = StateEvents.lines(240, seed: seed, persons: 25, isSorted: seed != 1)
      let whole = try run.whole(lines)
      #expect(whole.text.split(separator: "\n").count { $0.contains("\"sessionId\"") } > 100)
      for places in [[0], [1], [37], [120, 121], [239, 240], [50, 100, 150]] {
        #expect(try run.interrupted(lines, after: places) == whole, "\(seed) \(places)")
      }
    }
  }

  @Test("a damaged state of sessions is no crash", arguments: sessions)
  func damagedSessions(_ arguments: [String]) throws {
    try StateRun<EventStage<Sessions>>(arguments).survivesDamage(
      StateEvents.lines(200, seed: 5, persons: 15, isSorted: true),
      seed: 6)
  }

  @Test("timers of the same moment keep their order")
  func timers() throws {
    let run = StateRun<EventStage<Segment>>(["--rules", StateRules.file, "--changes"])
    var lines = (0..<60).map { number in
      #"{"event":"Login","anonymousId":"a\#(number * 37 % 60)","timestamp":1767225600}"# + "\n"
    }
    for number in 0..<20 {
      lines.append(
        #"{"event":"A","userId":"u\#(number)","anonymousId":"a\#(number * 11 % 60)","#
          + #""timestamp":1767225600}"# + "\n")
    }
    lines.append(#"{"event":"A","userId":"u0","timestamp":1777225600}"# + "\n")
    let whole = try run.whole(lines)
    #expect(whole.text.split(separator: "\n").count { $0.contains("segment.entered") } > 80)
    for place in [30, 60, 70, 80] {
      #expect(try run.interrupted(lines, after: [place]) == whole)
    }
  }

  @Test("a damaged state is no crash", arguments: options)
  func damage(_ arguments: [String]) throws {
    try StateRun<EventStage<Segment>>(arguments).survivesDamage(
      StateEvents.lines(200, seed: 5, persons: 15, isSorted: true), seed: 6)
  }
}
