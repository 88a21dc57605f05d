import Events
import Pipes
import Records

/// What is opened and closed as bytes.
extension CaseLog {
  /// Writes what belongs to keys.
  func encode(_ breakdown: Breakdown, into state: inout StateWriter) {
    let stories = keyedStories()
    state.write(stories.count)
    for (key, story) in stories {
      state.write(key)
      story.encode(breakdown, into: &state)
    }
  }

  /// Adds what belongs to keys in another run.
  mutating func decode(
    _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let key = try state.text()
      try decode(.key(key), &state, &breakdown)
    }
  }

  /// Adds what belongs to an owner in another run.
  mutating func decode(
    _ owner: Owner, _ state: inout StateReader, _ breakdown: inout Breakdown
  ) throws(StateError) {
    for _ in 0..<(try state.count()) {
      let (time, fingerprint) = (try state.moment(), try state.word())
      let group = breakdown.isUsed ? breakdown.number(try state.name()) : Breakdown.missing
      let size = try state.short()
      guard time > .distantPast, time < .distantFuture else {
        throw StateError("a time is out of range")
      }
      open(
        Opening(time: time.milliseconds, fingerprint: fingerprint, group: group, size: size),
        of: owner)
    }
    for _ in 0..<(try state.count()) {
      let time = try state.moment()
      guard time > .distantPast, time < .distantFuture else {
        throw StateError("a time is out of range")
      }
      close(at: time.milliseconds, of: owner)
    }
  }
}

extension CaseLog.Story {
  /// Writes what belongs to an owner.
  func encode(_ breakdown: Breakdown, into state: inout StateWriter) {
    state.write(openings.count)
    for opening in openings {
      state.write(Moment(milliseconds: opening.time))
      state.write(word: opening.fingerprint)
      if breakdown.isUsed { state.write(name: breakdown.text(of: opening.group)) }
      state.write(UInt64(opening.size))
    }
    state.write(closings.count)
    for time in closings { state.write(Moment(milliseconds: time)) }
  }
}
