import Events
import Pipes
import Records
import Statistics

/// In which segments each person was at the end of each calendar period.
///
///     period        1     2     3     4     5
///     person u1     vip   vip   ·     ·     vip          kept: 1 {vip}, 3 {}, 5 {vip}
///
/// Events come in the order of time. Whenever a person is looked at, at an event or when a timer is
/// due, the segments found are those of the period so far; the last look at a period counts for its
/// end. Only changes are kept: 4 bytes and 8 for each 64 segments a change.
struct PopulationHistory: Sendable {
  let periods: CalendarPeriods
  private let wordCount: Int
  /// The changes of each person, one behind the other; counted from 1, 0 for none.
  private var lasts: [UInt32] = []
  private var changes: [Change] = []
  private var words: [UInt64] = []

  private struct Change: BitwiseCopyable {
    var period: Int32
    var before: UInt32
  }

  init(_ periods: CalendarPeriods, segmentCount: Int) {
    self.periods = periods
    wordCount = (segmentCount + 63) / 64
  }

  /// Bytes of the largest array.
  var largestArrayBytes: Int { max(lasts.count * 4, max(changes.count, words.count) * 8) }

  /// Notes the segments of a person from a moment on.
  mutating func note(_ person: UInt32, at moment: Moment, _ segments: [UInt64]) {
    note(person, in: periods.index(of: moment), segments[...])
  }

  private mutating func note(
    _ person: UInt32, in period: Int32, _ segments: ArraySlice<UInt64>
  ) {
    lasts.extend(to: Int(person) + 1, with: 0)
    let last = lasts[Int(person)]
    if last > 0, changes[Int(last) - 1].period >= period {
      let first = (Int(last) - 1) * wordCount
      words.replaceSubrange(first..<(first + wordCount), with: segments)
      return
    }
    changes.append(Change(period: period, before: last))
    words.append(contentsOf: segments)
    lasts[Int(person)] = UInt32(changes.count)
  }

  /// The changes of a person in the order of time.
  func changes(of person: UInt32) -> [(period: Int32, segments: ArraySlice<UInt64>)] {
    var found: [(period: Int32, segments: ArraySlice<UInt64>)] = []
    var place = Int(person) < lasts.count ? lasts[Int(person)] : 0
    while place > 0 {
      let first = (Int(place) - 1) * wordCount
      found.append((changes[Int(place) - 1].period, words[first..<(first + wordCount)]))
      place = changes[Int(place) - 1].before
    }
    return found.reversed()
  }

  /// Writes the changes of a person.
  func encode(_ person: UInt32, into state: inout StateWriter) {
    let changes = changes(of: person)
    state.write(changes.count)
    for change in changes {
      state.write(Int(change.period))
      for word in change.segments { state.write(word: word) }
    }
  }

  /// Adds the changes of a person in another run.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    for _ in 0..<(try state.count()) {
      guard let period = Int32(exactly: try state.integer()), abs(Int(period)) < 1 << 24 else {
        throw StateError("a period is out of range")
      }
      var segments: [UInt64] = []
      for _ in 0..<wordCount { segments.append(try state.word()) }
      note(person, in: period, segments[...])
    }
  }
}
