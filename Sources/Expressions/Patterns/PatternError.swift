/// What is wrong with a regular expression, and at which of its bytes.
struct PatternError: Error, Equatable, Sendable {
  /// What is wrong.
  let message: String
  /// Offset of the byte at fault.
  let offset: Int
  /// What was perhaps meant.
  var suggestion: String?
}
