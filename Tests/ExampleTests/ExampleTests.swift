import Foundation
import TestSupport
import Testing

/// The pipelines of `examples` give the output that stands beside them.
@Suite struct ExampleTests {
  /// Each example with the programs of others that it needs.
  static let examples: [(name: String, needs: [String])] = [
    ("demo", []), ("access-log", []), ("sign-up", []), ("live", ["jq"]), ("sqlite", ["sqlite3"]),
    ("to-files", ["cmp"]),
    ("metrics", []), ("segments", []), ("value", ["jq"]),
    ("postgresql", ["psql", "setpriv", "initdb || ls /usr/lib/postgresql/*/bin/initdb"]),
  ]

  @Test("an example writes what its expected.txt says", arguments: examples.map(\.name))
  func example(name: String) throws {
    let needs = try #require(Self.examples.first { $0.name == name }).needs
    for program in needs where try Programs.shell("command -v \(program)").status != 0 {
      print("skipped: examples/\(name) needs \(program)")
      return
    }
    let folder = Programs.root.appendingPathComponent("examples/\(name)")
    let outcome = try Programs.shell("'\(folder.path)/run.sh'")
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let expected = folder.appendingPathComponent("expected.txt")
    #expect(outcome.text == String(decoding: try Data(contentsOf: expected), as: UTF8.self))
  }

  @Test func everyExampleIsTried() throws {
    let folder = Programs.root.appendingPathComponent("examples")
    let scripts = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { name in
      FileManager.default.fileExists(atPath: folder.appendingPathComponent("\(name)/run.sh").path)
    }
    #expect(Set(scripts) == Set(Self.examples.map(\.name)))
  }
}
