import Records

/// ``Tries`` in as few bits as they need, for persons whose events are folded.
///
///     1    bits of k     2 a step       1         49          …             49 + w each
///     end  furthest      kind of try    is a try  entry       tries         times of the furthest
///                                       └ none if ended ┘     of steps      unless it is a try
///
/// The kinds are: no try, one of its own, the beginning of that of the next step. Of tries that end
/// with the window of the newest one before them nothing is kept but that their steps were reached.
/// The times of one try lie within the window of its entry, and so do all entries of each other:
/// each takes w bits, as the window does, an entry one more for its sign. So the state of a funnel of
/// five steps has 64 bytes at most where the window is up to 14 weeks, and 8 for a person who has
/// only entered: 1 + 3 + 8 + 49 bits.
///
/// With exclusions one bit more tells whether the person is out, and one for each try whether it is
/// tainted; one before each time of an optional step, whether it was left out. That is 72 bytes at most.
struct TriesCode: Sendable {
  private static let timeBits = 49
  /// Makes the time of the year 0 zero.
  private static let timeOffset = -Moment.writableStart.milliseconds

  private enum Kind: UInt64 {
    case none
    case own
    case beginningOfNext
  }

  private let stepCount: Int
  private let windowMilliseconds: Int64
  private let levelBits: Int
  private let windowBits: Int
  /// Whether each step may be left out, by its index.
  private let isOptional: [Bool]
  /// Whether exclusions may taint tries.
  private let isTaintable: Bool
  private var kinds: [Kind]

  init(
    stepCount: Int, windowMilliseconds: Int64, optional: Set<Int> = [], isTaintable: Bool = false
  ) {
    self.stepCount = stepCount
    self.windowMilliseconds = windowMilliseconds
    self.isTaintable = isTaintable
    isOptional = (0..<stepCount).map { optional.contains($0 + 1) }
    levelBits = UInt64.bitWidth - UInt64(stepCount).leadingZeroBitCount
    windowBits = max(1, Int64.bitWidth - windowMilliseconds.leadingZeroBitCount)
    kinds = Array(repeating: .none, count: stepCount + 1)
  }

  /// The most words that a state takes.
  var wordsMax: Int {
    let tries = stepCount * (stepCount - 1) / 2
    let bits =
      2 + levelBits + 2 * stepCount + 2 * Self.timeBits + (tries + stepCount) * (windowBits + 1)
    return (bits + (isTaintable ? stepCount + 1 : 0)) / 64 + 1
  }

  /// Writes tries.
  mutating func encode(_ tries: Tries, to bits: inout BitWriter) {
    bits.begin()
    bits.append(tries.isEnded ? 1 : 0, count: 1)
    bits.append(UInt64(tries.level), count: levelBits)
    if isTaintable { bits.append(tries.isExcluded ? 1 : 0, count: 1) }
    var isReportedTry = false
    if !tries.isEnded {
      setKinds(tries)
      for step in 1..<stepCount { bits.append(kinds[step].rawValue, count: 2) }
      isReportedTry = kinds[tries.level] != .none && isFurthest(tries)
      if kinds[tries.level] != .none { bits.append(isReportedTry ? 1 : 0, count: 1) }
      appendTries(tries, to: &bits)
    }
    guard !isReportedTry else { return }
    bits.append(UInt64(bitPattern: tries.furthest[0] + Self.timeOffset), count: Self.timeBits)
    for index in 1..<max(1, tries.level) {
      append(tries.furthest[index], ofStep: index, since: tries.furthest[0], to: &bits)
    }
  }

  /// Writes the time of the step with an index.
  private func append(
    _ time: Int64, ofStep index: Int, since entry: Int64, to bits: inout BitWriter
  ) {
    if isOptional[index] {
      bits.append(time == Passage.skipped ? 1 : 0, count: 1)
      if time == Passage.skipped { return }
    }
    bits.append(UInt64(bitPattern: time - entry), count: windowBits)
  }

  /// Finds out which tries are to be written.
  private mutating func setKinds(_ tries: Tries) {
    var newest = Tries.past
    for step in 1..<stepCount { newest = max(newest, tries.entries[step]) }
    for step in stride(from: stepCount - 1, to: 0, by: -1) {
      let entry = tries.entries[step]
      let isLive = entry > Tries.past && newest - entry <= windowMilliseconds
      let isShared =
        isLive && kinds[step + 1] != .none && step + 1 < stepCount
        && isBeginning(step, tries)
      kinds[step] = isShared ? .beginningOfNext : isLive ? .own : .none
    }
  }

  /// Whether the try of a step is the beginning of the next step's.
  private func isBeginning(_ step: Int, _ tries: Tries) -> Bool {
    let row = step * stepCount
    for place in row..<row + step where tries.times[place] != tries.times[place + stepCount] {
      return false
    }
    return true
  }

  /// Whether the try of the furthest step is the one that is reported.
  private func isFurthest(_ tries: Tries) -> Bool {
    let row = tries.level * stepCount
    for index in 0..<tries.level where tries.times[row + index] != tries.furthest[index] {
      return false
    }
    return true
  }

  private func appendTries(_ tries: Tries, to bits: inout BitWriter) {
    var entry: Int64?
    for step in 1..<stepCount where kinds[step] == .own {
      let row = step * stepCount
      if let entry {
        let difference = tries.times[row] - entry
        let folded = difference < 0 ? -difference << 1 | 1 : difference << 1
        bits.append(UInt64(bitPattern: folded), count: windowBits + 1)
      } else {
        bits.append(UInt64(bitPattern: tries.times[row] + Self.timeOffset), count: Self.timeBits)
      }
      for index in 1..<step {
        append(tries.times[row + index], ofStep: index, since: tries.times[row], to: &bits)
      }
      entry = tries.times[row]
    }
    guard isTaintable else { return }
    for step in 1..<stepCount where kinds[step] != .none {
      bits.append(tries.isTainted(step) ? 1 : 0, count: 1)
    }
  }

  /// Reads tries back; those that can go no further have lost their times.
  mutating func decode(_ bits: inout BitReader, into tries: inout Tries) {
    tries.isEnded = bits.next(1) == 1
    // What a damaged state says is nothing that could be reached.
    tries.level = min(Int(bits.next(levelBits)), stepCount)
    for step in 1...stepCount {
      tries.entries[step] = step <= tries.level ? Tries.past : Tries.none
    }
    // Only a tainted try can have come to the last step without an end.
    if isTaintable, !tries.isEnded { tries.entries[stepCount] = Tries.none }
    tries.isExcluded = isTaintable && bits.next(1) == 1
    var isReportedTry = false
    if !tries.isEnded {
      for step in 1..<stepCount { kinds[step] = Kind(rawValue: bits.next(2)) ?? .none }
      if kinds[tries.level] != .none { isReportedTry = bits.next(1) == 1 }
      readTries(&bits, &tries)
    }
    guard !isReportedTry else { return tries.report(tries.level) }
    tries.furthest[0] = Int64(bitPattern: bits.next(Self.timeBits)) - Self.timeOffset
    for index in 1..<max(1, tries.level) {
      tries.furthest[index] = time(ofStep: index, since: tries.furthest[0], &bits)
    }
  }

  /// Reads the time of the step with an index.
  private func time(ofStep index: Int, since entry: Int64, _ bits: inout BitReader) -> Int64 {
    if isOptional[index], bits.next(1) == 1 { return Passage.skipped }
    return entry + Int64(bitPattern: bits.next(windowBits))
  }

  private func readTries(_ bits: inout BitReader, _ tries: inout Tries) {
    var entry: Int64?
    for step in 1..<stepCount where kinds[step] == .own {
      let row = step * stepCount
      let first: Int64
      if let entry {
        let folded = Int64(bitPattern: bits.next(windowBits + 1))
        first = entry + (folded & 1 == 1 ? -(folded >> 1) : folded >> 1)
      } else {
        first = Int64(bitPattern: bits.next(Self.timeBits)) - Self.timeOffset
      }
      tries.times[row] = first
      for index in 1..<step {
        tries.times[row + index] = time(ofStep: index, since: first, &bits)
      }
      tries.entries[step] = first
      entry = first
    }
    for step in stride(from: stepCount - 2, to: 0, by: -1)
    where kinds[step] == .beginningOfNext {
      let row = step * stepCount
      for place in row..<row + step { tries.times[place] = tries.times[place + stepCount] }
      tries.entries[step] = tries.times[row]
    }
    guard isTaintable else { return }
    for step in 1..<stepCount { tries.taint(step, kinds[step] != .none && bits.next(1) == 1) }
  }
}
