/// How closely a line is looked at before it counts as a record.
public enum Check: String, CaseIterable, Sendable {
  /// Every byte: JSON grammar and UTF-8.
  case full
  /// One balanced object, every top-level key seen; what is read is validated when it is read.
  case structure
  /// Lines are trusted to be those that `parse` wrote: whole, and their first keys `event`, the ids,
  /// `timestamp` and `bot`; they are looked at up to the last key that is asked for.
  case none
}
