import Foundation
import TestSupport
import Testing

/// JSON as RFC 8259 defines it, by the lines of JSONTestSuite.
///
/// They are no events: a line that is read is rejected for its time, one that is not for its JSON.
@Suite struct ConformanceTests {
  /// What is done with lines that the standard leaves open: `true` where they are read.
  ///
  /// Numbers of any size are read, for they pass as their digits. Escapes of lone surrogates are
  /// read and pass as they are written. Bytes that are no UTF-8 are rejected, and so is a byte order
  /// mark within a line. 500 nested arrays are within the limit of 512.
  static let choices: [String: Bool] = [
    "i_number_double_huge_neg_exp.json": true, "i_number_huge_exp.json": true,
    "i_number_neg_int_huge_exp.json": true, "i_number_pos_double_huge_exp.json": true,
    "i_number_real_neg_overflow.json": true, "i_number_real_pos_overflow.json": true,
    "i_number_real_underflow.json": true, "i_number_too_big_neg_int.json": true,
    "i_number_too_big_pos_int.json": true, "i_number_very_big_negative_int.json": true,
    "i_object_key_lone_2nd_surrogate.json": true,
    "i_string_1st_surrogate_but_2nd_missing.json": true,
    "i_string_1st_valid_surrogate_2nd_invalid.json": true,
    "i_string_UTF-16LE_with_BOM.json": false, "i_string_UTF-8_invalid_sequence.json": false,
    "i_string_UTF8_surrogate_U+D800.json": false,
    "i_string_incomplete_surrogate_and_escape_valid.json": true,
    "i_string_incomplete_surrogate_pair.json": true,
    "i_string_incomplete_surrogates_escape_valid.json": true,
    "i_string_invalid_lonely_surrogate.json": true, "i_string_invalid_surrogate.json": true,
    "i_string_invalid_utf-8.json": false, "i_string_inverted_surrogates_U+1D11E.json": true,
    "i_string_iso_latin_1.json": false, "i_string_lone_second_surrogate.json": true,
    "i_string_lone_utf8_continuation_byte.json": false,
    "i_string_not_in_unicode_range.json": false, "i_string_overlong_sequence_2_bytes.json": false,
    "i_string_overlong_sequence_6_bytes.json": false,
    "i_string_overlong_sequence_6_bytes_null.json": false, "i_string_truncated-utf-8.json": false,
    "i_string_utf16BE_no_BOM.json": false, "i_string_utf16LE_no_BOM.json": false,
    "i_structure_500_nested_arrays.json": true, "i_structure_UTF-8_BOM_empty_object.json": false,
  ]

  private func reasons(_ kind: String) throws -> [String: String] {
    let data = try Programs.sharedData("conformance/json/\(kind).ndjson")
    let names = String(
      decoding: try Programs.sharedData("conformance/json/\(kind).names.txt"), as: UTF8.self
    ).split(separator: "\n").map(String.init)
    var reasons: [String: String] = [:]
    for rejection in try rejections(["--from", "segment"], data) {
      let parts = rejection.split(separator: ":", maxSplits: 2).map(String.init)
      guard let line = Int(parts[0]) else { continue }
      reasons[names[line - 1]] = parts[2].trimmingCharacters(in: .whitespaces)
    }
    #expect(reasons.count == names.count, "each line is rejected, for one reason or the other")
    return reasons
  }

  private func isJSONReason(_ reason: String) -> Bool {
    reason.hasPrefix("invalid JSON: ") || reason == "invalid UTF-8"
  }

  @Test(.enabled(if: Programs.hasShared("conformance/json/valid.ndjson")))
  func valid() throws {
    for (name, reason) in try reasons("valid") { #expect(reason == "no time", "\(name)") }
  }

  @Test(.enabled(if: Programs.hasShared("conformance/json/invalid.ndjson")))
  func invalid() throws {
    for (name, reason) in try reasons("invalid") { #expect(isJSONReason(reason), "\(name)") }
  }

  @Test(.enabled(if: Programs.hasShared("conformance/json/implementation_defined.ndjson")))
  func implementationDefined() throws {
    let reasons = try reasons("implementation_defined")
    #expect(Set(reasons.keys) == Set(Self.choices.keys))
    for (name, reason) in reasons {
      #expect(Self.choices[name] == (reason == "no time"), "\(name): \(reason)")
    }
  }
}
