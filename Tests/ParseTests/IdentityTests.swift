import Foundation
import TestSupport
import Testing

/// Which ids events are given.
@Suite struct IdentityTests {
  /// The ids of each line of output: `user/anonymous`, and those of a link behind its name.
  private static func ids(_ outcome: Outcome) throws -> [String] {
    try outcome.lines.map { line in
      let event = try object(line)
      let ids = ["userId", "anonymousId", "previousId"].map { event[$0] as? String ?? "" }
      let text = ids[2].isEmpty ? "\(ids[0])/\(ids[1])" : "\(ids[0])/\(ids[1])<\(ids[2])"
      return event["record"] == nil ? text : "link \(text)"
    }
  }

  private static func event(_ ids: String) -> String {
    "{\"event\":\"E\",\"timestamp\":1573470087,\(ids)}\n"
  }

  private static func alias(_ user: String, _ previous: String) -> String {
    event(#""type":"alias","userId":"\#(user)","previousId":"\#(previous)""#)
  }

  @Test("from the moment two ids are linked, events carry both")
  func fromThenOn() throws {
    let text = [
      Self.event(#""anonymousId":"a1""#), Self.event(#""userId":"u""#),
      Self.event(#""userId":"u","anonymousId":"a1""#), Self.event(#""anonymousId":"a1""#),
      Self.event(#""userId":"u""#), Self.event(#""userId":"u","anonymousId":"a0""#),
      // Of several the first in byte order; what an event has stays.
      Self.event(#""userId":"u""#), Self.event(#""anonymousId":"a1""#),
      Self.event(#""userId":"u","anonymousId":"a1""#), Self.event(#""userId":"x""#),
    ].joined()
    let expected = ["/a1", "u/", "u/a1", "u/a1", "u/a1", "u/a0", "u/a0", "u/a1", "u/a1", "x/"]
    let outcome = try parse(["--from", "segment"], text)
    #expect(try Self.ids(outcome) == expected)
    #expect(try parse([], outcome.text).text == outcome.text)
    let none = try parse(["--from", "segment", "--no-link"], text)
    let without = ["/a1", "u/", "u/a1", "/a1", "u/", "u/a0", "u/", "/a1", "u/a1", "x/"]
    #expect(try Self.ids(none) == without)
    #expect(try Self.ids(parse(["--from", "segment", "--key", "userId"], text)) == without)
  }

  @Test("aliases join too; ids are compared as their decoded bytes")
  func aliases() throws {
    let text = [
      Self.alias("u2", "p"), Self.event(#""anonymousId":"\u0070""#), Self.alias("u1", "u2"),
      Self.event(#""anonymousId":"p""#), Self.event(#""userId":"u2""#),
      Self.event(#""userId":7,"anonymousId":"é\"""#), Self.event(#""userId":"7""#),
      Self.event(#""anonymousId":"\u00e9\u0022""#), Self.event(#""anonymousId":"p","userId":7"#),
      Self.event(#""userId":"u2""#),
      // A previousId of another message, or without a userId, joins nothing.
      Self.event(#""userId":"v","previousId":"q""#), Self.event(#""anonymousId":"q""#),
      Self.event(#""type":"alias","anonymousId":"r","previousId":"p""#),
    ].joined()
    let outcome = try parse(["--from", "segment"], text)
    #expect(
      try Self.ids(outcome)
        == [
          "u2/<p", "u2/p", "u1/<u2", "u1/p", "u2/p", "/é\"", "7/é\"", "7/é\"", "/p", "u2/p",
          "v/<q", "/q", "/r<p",
        ])
    #expect(outcome.text.contains(#""userId":7,"anonymousId":"é\"","timestamp""#))
    #expect(outcome.text.contains(#""userId":"7","anonymousId":"é\"","timestamp""#))
  }

  @Test("a link is told before the event that makes it, once")
  func links() throws {
    let text = [
      Self.event(#""anonymousId":"a""#), Self.event(#""userId":"u","anonymousId":"a""#),
      Self.event(#""userId":"u","anonymousId":"a""#), Self.alias("u", "a"), Self.alias("w", "u"),
      Self.event(#""userId":"w","anonymousId":"a""#),
    ].joined()
    let outcome = try parse(["--from", "segment", "--links"], text)
    #expect(
      try Self.ids(outcome)
        == ["/a", "link u/a", "u/a", "u/a", "u/a<a", "link w/<u", "w/<u", "w/a"])
    #expect(
      outcome.lines[1]
        == #"{"record":"parse.link","userId":"u","anonymousId":"a","timestamp":"2019-11-11T11:01:27.000Z"}"#
    )
    // An event that does not count links all the same.
    let filtered = try parse(["--from", "segment", "--links", "--until", "2001-01-01"], text)
    #expect(try Self.ids(filtered) == ["link u/a", "link w/<u"])
    let left = try parse(["--from", "segment", "--links", "--where", "userId == 'w'"], text)
    #expect(try Self.ids(left) == ["link u/a", "link w/<u", "w/<u", "w/a"])
  }

  /// A stream of events of few ids, linked in chains and loops.
  private static func stream(_ randomness: inout Randomness) -> [String] {
    (0..<60).map { number in
      let user = "u\(randomness.number(0...7))"
      let other = "a\(randomness.number(0...9))"
      let id = #""messageId":"m\#(number)","#
      switch randomness.number(0...9) {
      case 0: return event("\(id)\"userId\":\"\(user)\",\"anonymousId\":\"\(other)\"")
      case 1:
        let previous = randomness.happens(50) ? other : "u\(randomness.number(0...7))"
        return event(#"\#(id)"type":"alias","userId":"\#(user)","previousId":"\#(previous)""#)
      case 2...5: return event("\(id)\"userId\":\"\(user)\"")
      default: return event("\(id)\"anonymousId\":\"\(other)\"")
      }
    }
  }

  /// The ids of each event by a slow search over all links.
  private static func reference(_ lines: [String]) throws -> [String: String] {
    let events = try lines.map(object)
    var groups: [Set<String>] = []
    var (users, others): (Set<String>, Set<String>) = ([], [])
    for event in events {
      guard let user = event["userId"] as? String,
        let other = (event["anonymousId"] ?? event["previousId"]) as? String
      else { continue }
      users.insert(user)
      others.insert(other)
      let touched = groups.filter { $0.contains(user) || $0.contains(other) }
      groups.removeAll { touched.contains($0) }
      groups.append(touched.reduce([user, other]) { $0.union($1) })
    }
    return try Dictionary(
      uniqueKeysWithValues: events.map { event in
        let user = event["userId"] as? String
        let other = event["anonymousId"] as? String
        let group = groups.first { $0.contains(user ?? other ?? "") } ?? []
        let least = [users, others].map { $0.intersection(group).min() }
        let foundUser = user ?? least[0] ?? ""
        let foundOther = other ?? (least[1] == user ? "" : least[1] ?? "")
        return (
          try #require(event["messageId"] as? String),
          foundUser == other ? "/\(foundOther)" : "\(foundUser)/\(foundOther)"
        )
      })
  }

  private static func idsByMessage(_ outcome: Outcome) throws -> [String: String] {
    var ids: [String: String] = [:]
    for line in outcome.lines where !line.hasPrefix("{\"record\"") {
      let event = try object(line)
      let user = event["userId"] as? String ?? ""
      ids[event["messageId"] as? String ?? ""] = "\(user)/\(event["anonymousId"] as? String ?? "")"
    }
    return ids
  }

  @Test("stitched, events have the same ids in any order", arguments: 1...8)
  func stitched(_ seed: UInt64) throws {
    var randomness = Randomness(seed: seed)
    let lines = Self.stream(&randomness)
    let expected = try Self.reference(lines)
    for _ in 0..<3 {
      let shuffled = lines.shuffled(using: &randomness)
      try withFile(shuffled.joined()) { file in
        let outcome = try parse(["--stitch", "--links", file], "")
        #expect(try Self.idsByMessage(outcome) == expected)
        // The links alone give the same persons.
        let links = outcome.lines.filter { $0.hasPrefix("{\"record\"") }.map {
          $0.replacing("\"record\":\"parse.link\"", with: "\"event\":\"L\",\"type\":\"alias\"")
            + "\n"
        }
        try withFile((links + shuffled).joined()) { file in
          let again = try Self.idsByMessage(parse(["--stitch", file], ""))
          #expect(again.filter { $0.key != "" } == expected)
        }
      }
    }
  }

  @Test("a message read ahead of its turn is written as one that was not", arguments: 1...4)
  func readAhead(_ seed: UInt64) throws {
    var randomness = Randomness(seed: seed)
    let others = [
      "\n", "{\n", #"{"event":"E"}"# + "\n", #"{"record":"x.y","n":1}"# + "\n",
      "{\"batch\":[\(Self.event(#""userId":"u1""#).dropLast()),"
        + "\(Self.event(#""userId":"u1","anonymousId":"a2""#).dropLast())]}\n",
      "[\(Self.event(#""anonymousId":"a2""#).dropLast())]\n", Self.alias("u3", "a2"),
      Self.event((1...70).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + #","userId":"u3""#),
      Self.event(#""anonymousId":"a\u0031""#), Self.event(#""userId":"u1","session":7"#),
    ]
    var lines = Self.stream(&randomness)
    for _ in 0..<40 {
      let other = others.randomElement(using: &randomness) ?? ""
      lines.insert(other, at: Int.random(in: 0...lines.count, using: &randomness))
    }
    try withFile(lines.joined()) { file in
      for options in [["--links"], ["--stitch"], ["--no-link"], ["--dedupe", "1h"]] {
        let command = ["--from", "segment"] + options + [file]
        // What may have to be left out of a message is read in its turn.
        let alone = try parse(["--drop", "nothing.there"] + command, "")
        let outcome = try parse(command, "")
        #expect(outcome.text == alone.text)
        #expect(outcome.errorText == alone.errorText)
        #expect(outcome.lines.count > 40)
      }
    }
  }

  @Test("standard input, pipes and contrary options are refused")
  func refusals() throws {
    #expect(try parse(["--stitch"], "").errorText.contains("--stitch reads its input twice"))
    #expect(try parse(["--stitch", "-"], "").status == 64)
    let pipe = try Programs.shell("parse --stitch <(echo)")
    #expect(pipe.errorText.contains("must be a file, no pipe"), "\(pipe.errorText)")
    for option in ["--stitch", "--links"] {
      #expect(try parse([option, "--no-link"], "").status == 64)
      #expect(try parse([option, "--key", "a"], "").errorText.contains("leave one of them out"))
    }
    let missing = try parse(["--stitch", "/nowhere/x"], "")
    #expect(missing.status == 66)
  }

  @Test("a visit is the person's: one id tells the source of the other's events")
  func visits() throws {
    let campaign = #","context":{"campaign":{"source":"news","medium":"email"}}"#
    let text = [
      Self.event(#""userId":"u","anonymousId":"a""#),
      Self.event(#""userId":"u""# + campaign), Self.event(#""anonymousId":"a""#),
    ].joined()
    let last = try object(parse(["--from", "segment"], text).lines[2])
    #expect((last["trafficSource"] as? [String: Any])?["source"] as? String == "news")
  }
}
