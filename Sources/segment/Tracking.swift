import Records

/// What an annotator keeps of the segments that each person is in.
enum Tracking: Sendable {
  /// Nothing: nobody asks.
  case off
  /// Whether they change: each entering and leaving is written.
  case changes
  /// Their state at the end of each period; nothing is written as events pass.
  case history(CalendarPeriods)

  /// Whether anything is kept.
  var isOn: Bool {
    if case .off = self { return false }
    return true
  }

  /// Whether changes are written.
  var isChanges: Bool {
    if case .changes = self { return true }
    return false
  }
}
