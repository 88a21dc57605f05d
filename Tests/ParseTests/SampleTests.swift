import Foundation
import TestSupport
import Testing

@testable import parse

/// A sample of each format that is data becomes what stands beside it.
@Suite struct SampleTests {
  static let names = BuiltInMap.formats.map(\.name)

  private static let folder = Programs.root.appendingPathComponent("Tests/ParseTests/Samples")

  static func sample(_ name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent("\(name).ndjson"))
  }

  /// A mapping file and its sample are a format by one line of the program, which is told.
  @Test func everyMappingFileIsAFormat() throws {
    let folder = Programs.root.appendingPathComponent("Sources/parse/Resources")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let names = files.filter { $0.hasSuffix(".json") && $0 != "channels.json" }
      .map { String($0.dropLast(5)) }
    for name in names where BuiltInMap(name: name) == nil {
      let resource = "\(name)_json".replacingOccurrences(of: "-", with: "_")
      Issue.record(
        """
        Resources/\(name).json is no format yet: add the line
            File("\(name)", PackageResources.\(resource)),
        to Sources/parse/BuiltInMap.swift
        """)
    }
    #expect(BuiltInMap.all.map(\.name) == names.sorted())
  }

  /// The golden output holds what `--from auto` says too: which format it took the first line for.
  @Test(arguments: names) func golden(_ name: String) throws {
    let outcome = try Programs.run("parse", input: Self.sample(name))
    let file = Self.folder.appendingPathComponent("\(name).expected")
    let text = outcome.text + outcome.errorText
    if ProcessInfo.processInfo.environment["FOOTFALL_UPDATE"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    #expect(outcome.errorText.contains("(--from \(name))\n"))
    let named = try Programs.run("parse", ["--from", name], input: Self.sample(name))
    #expect(named.output == outcome.output)
  }

  @Test(arguments: names) func everyLineIsAccountedFor(_ name: String) throws {
    expectBalance(try Programs.run("parse", ["--from", name], input: Self.sample(name)))
  }

  /// Each line decides alone: any of a sample that becomes an event is of that format.
  @Test(arguments: names) func firstLineNamesTheFormat(_ name: String) throws {
    let lines = String(decoding: try Self.sample(name), as: UTF8.self).split(separator: "\n")
    for line in lines {
      let outcome = try parse(["--from", name], line + "\n")
      guard !outcome.lines.isEmpty else { continue }
      #expect(
        try parse([], line + "\n").errorText.contains("(--from \(name))\n"),
        "\(line.prefix(80))")
    }
  }

  /// What parse wrote goes through it unchanged.
  @Test(arguments: names) func outputIsCanonical(_ name: String) throws {
    let output = try Programs.run("parse", ["--from", name], input: Self.sample(name)).output
    #expect(try Programs.run("parse", ["--from", "segment"], input: output).output == output)
  }

  /// Two events that differ in name or time never have the same id.
  @Test(arguments: names) func idsAreOfOneEvent(_ name: String) throws {
    var known: [String: String] = [:]
    for line in try Programs.run("parse", ["--from", name], input: Self.sample(name)).lines {
      let event = try object(line)
      guard let id = event["messageId"] as? String else { continue }
      let what = "\(event["event"] ?? "") \(event["timestamp"] ?? "")"
      #expect(known[id] == nil || known[id] == what, "\(id)")
      known[id] = what
    }
  }

  /// The pieces in which the input arrives change nothing.
  @Test(arguments: names) func anySizeOfPieces(_ name: String) throws {
    let whole = try Programs.run("parse", ["--from", name], input: Self.sample(name))
    let fed = try Programs.shell(
      "dd bs=7 2>/dev/null | parse --from \(name)", input: Self.sample(name))
    #expect(fed.output == whole.output)
    #expect(fed.errors == whole.errors)
  }

  @Test(arguments: names + ["json"]) func printedMapReadsAlike(_ name: String) throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("parse-printed-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try parse(["--print-map", name], "").output.write(to: file)
    guard name != "json" else { return }
    let mapped = try Programs.run("parse", ["--map", file.path], input: Self.sample(name))
    let named = try Programs.run("parse", ["--from", name], input: Self.sample(name))
    #expect(mapped.output == named.output)
  }
}
