/// How closely a line is looked at before it counts as a record.
public enum Check: String, CaseIterable, Sendable {
  /// Every byte: JSON grammar and UTF-8.
  case full
  /// One balanced object, every top-level key seen; what is read is validated when it is read.
  case structure
  /// As `structure`, and lines are trusted to be whole: for lines that `parse` wrote.
  case none
}
