import Foundation
import Records
import TestSupport
import Testing

/// The lines of JSONTestSuite under `--check full`.
///
/// What the standard leaves open is answered so: a number of any size is accepted, it passes as its
/// digits; a lone surrogate escape is accepted and stays as it is; bytes that are no UTF-8 are
/// refused, UTF-16 and a byte order mark inside a line among them; 512 levels of nesting are the most.
@Suite("JSON conformance") struct JSONConformanceTests {
  private static func lines(_ name: String) throws -> [(name: String, line: [UInt8])] {
    let names = try Programs.sharedData("conformance/json/\(name).names.txt")
      .split(separator: ASCII.newline).map { String(decoding: $0, as: UTF8.self) }
    var lines = try Programs.sharedData("conformance/json/\(name).ndjson")
      .split(separator: ASCII.newline, omittingEmptySubsequences: false).map { Array($0) }
    if lines.last == [] { lines.removeLast() }
    try #require(names.count == lines.count)
    return zip(names, lines).map { (name: $0, line: $1) }
  }

  private static func isAccepted(_ line: [UInt8]) -> Bool {
    var scanner = LineScanner(["v"], check: .full)
    if case .record = scanner.scan(line) { return true }
    return false
  }

  @Test(
    "every valid line is read", .enabled(if: Programs.hasShared("conformance/json/valid.ndjson")))
  func valid() throws {
    let lines = try Self.lines("valid")
    #expect(lines.count == 93)
    for (name, line) in lines { #expect(Self.isAccepted(line), "\(name)") }
  }

  @Test(
    "every invalid line is refused",
    .enabled(if: Programs.hasShared("conformance/json/invalid.ndjson")))
  func invalid() throws {
    let lines = try Self.lines("invalid")
    #expect(lines.count == 185)
    for (name, line) in lines { #expect(!Self.isAccepted(line), "\(name)") }
  }

  @Test(
    "what the standard leaves open is answered as written here",
    .enabled(if: Programs.hasShared("conformance/json/implementation_defined.ndjson")))
  func implementationDefined() throws {
    let refused = Set(
      [
        "UTF-16LE_with_BOM", "UTF-8_invalid_sequence", "UTF8_surrogate_U+D800", "invalid_utf-8",
        "iso_latin_1", "lone_utf8_continuation_byte", "not_in_unicode_range",
        "overlong_sequence_2_bytes", "overlong_sequence_6_bytes", "overlong_sequence_6_bytes_null",
        "truncated-utf-8", "utf16BE_no_BOM", "utf16LE_no_BOM",
      ].map { "i_string_\($0).json" } + ["i_structure_UTF-8_BOM_empty_object.json"])
    let lines = try Self.lines("implementation_defined")
    #expect(lines.count == 35)
    for (name, line) in lines {
      #expect(Self.isAccepted(line) != refused.contains(name), "\(name)")
    }
  }
}
