import Foundation
import TestSupport
import Testing

/// The recipes of examples/segments: each behavioural criterion of PostHog's cohorts as a rule.
///
/// A person does things so many days before the moment that is asked about, which a note marks.
@Suite struct RecipeTests {
  /// What a person did, and how many days before the moment.
  struct Deed: Sendable {
    let name: String
    let days: Double
    var properties = ""
  }

  static func orders(_ days: Double...) -> [Deed] {
    days.map { Deed(name: "Order Completed", days: $0) }
  }

  static func pages(_ days: Double...) -> [Deed] {
    days.map { Deed(name: "Page Viewed", days: $0) }
  }

  static func product(_ id: String, _ days: Double) -> Deed {
    Deed(name: "Product Viewed", days: days, properties: "\"product_id\":\"\(id)\"")
  }

  static func plan(_ plan: String, _ days: Double) -> Deed {
    Deed(name: "Identified", days: days, properties: "\"plan\":\"\(plan)\"")
  }

  static let cases: [(recipe: String, deeds: [Deed], isIn: Bool)] = [
    ("did", orders(29), true), ("did", orders(35), false), ("did", pages(1), false),
    // The trap of counts over persons that have events: whoever has none did not either.
    ("did not", pages(1), true), ("did not", orders(35), true), ("did not", orders(29), false),
    ("at least three times", orders(80, 50, 1), true),
    ("at least three times", orders(50, 1), false),
    ("at most twice", orders(50, 1), true), ("at most twice", pages(3), true),
    ("at most twice", orders(50, 1, 1), false),
    ("exactly twice", orders(50, 1), true), ("exactly twice", orders(50), false),
    ("exactly twice", orders(50, 1, 2), false), ("exactly twice", orders(100, 50, 1), true),
    ("for the first time", orders(29, 3), true), ("for the first time", orders(40, 3), false),
    ("for the first time", pages(3), false),
    ("in sequence", [Deed(name: "Product Added", days: 5.5)] + orders(5), true),
    ("in sequence", [Deed(name: "Product Added", days: 7)] + orders(5), false),
    ("in sequence", [Deed(name: "Product Added", days: 4.5)] + orders(5), false),
    ("in sequence", [Deed(name: "Product Added", days: 40.5)] + orders(40), false),
    ("stopped", orders(60, 40), true), ("stopped", orders(60, 10), false),
    ("stopped", orders(120), false), ("stopped", pages(60), false),
    ("restarted", orders(120, 10), true), ("restarted", orders(120, 60, 10), false),
    ("restarted", orders(10), false), ("restarted", orders(120), false),
    ("regularly", orders(2, 9, 23), true), ("regularly", orders(2, 3, 9), false),
    ("regularly", orders(9, 16, 23, 30), true), ("regularly", pages(2, 9, 16), false),
    ("on many days", pages(1, 2, 3, 4, 5), true), ("on many days", pages(1, 1, 2, 3, 4), false),
    (
      "explorer", [product("a", 3), product("b", 3), product("c", 20)], true
    ), ("explorer", [product("a", 3), product("a", 4), product("b", 5)], false),
    ("explorer", [product("a", 3), product("b", 3), product("c", 40)], false),
    ("pro", [plan("free", 9), plan("pro", 5)], true),
    ("pro", [plan("pro", 9), plan("free", 5)], false), ("pro", pages(1), false),
    ("newcomer", pages(13), true), ("newcomer", pages(15, 1), false),
    ("pro who stopped", [plan("pro", 9)] + orders(50), true),
    ("pro who stopped", [plan("pro", 9)], true),
    ("pro who stopped", [plan("pro", 9)] + orders(5), false),
    ("pro who stopped", pages(9), false),
  ]

  /// All persons in one stream, sorted by time: person i of case i, then a note of each.
  static let input: String = {
    let now = 1_780_000_000.0
    var lines: [(Double, String)] = []
    for (person, example) in cases.enumerated() {
      for deed in example.deeds + [Deed(name: "Note", days: 0)] {
        let time = now - deed.days * 86_400
        lines.append(
          (
            time,
            "{\"event\":\"\(deed.name)\",\"userId\":\"u\(person)\",\"timestamp\":\(Int(time)),"
              + "\"properties\":{\(deed.properties)}}\n"
          ))
      }
    }
    return lines.sorted { $0.0 < $1.0 }.map(\.1).joined()
  }()

  @Test("a recipe holds for whom it should and for nobody else")
  func recipes() throws {
    let rules = Programs.root.appendingPathComponent("examples/segments/segments.json").path
    let outcome = try Programs.run("segment", ["--rules", rules], text: Self.input)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    var segments: [String: [String]] = [:]
    for line in outcome.lines where line.contains("\"Note\"") {
      let event = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      segments[try #require(event["userId"] as? String)] = event["segments"] as? [String]
    }
    for (person, example) in Self.cases.enumerated() {
      let held = try #require(segments["u\(person)"])
      #expect(
        held.contains(example.recipe) == example.isIn,
        "case \(person): \(example.recipe) of \(held)")
    }
    // The same at the end of a report: every recipe has as many persons.
    let report = try Programs.run(
      "segment", ["--rules", rules, "--populations"], text: Self.input)
    for record in report.records("segment.population") {
      let name = try #require(record["segment"] as? String)
      let count = segments.values.count { $0.contains(name) }
      #expect(record["persons"] as? Int == count, "\(name)")
      #expect(Self.cases.contains { $0.recipe == name && $0.isIn }, "\(name) has no case")
      #expect(
        Self.cases.contains { $0.recipe == name && !$0.isIn }, "\(name) has no case against it")
    }
  }
}
