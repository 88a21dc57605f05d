import Records

/// What a funnel keeps of the events: twelve bytes each.
///
///     persons   [ 7      ][ 7      ][ 12     ] …     number of the person's id, 4 bytes
///     matches   [time|set][time|set][time|set] …     49 bits of milliseconds, 15 of the set
///
/// Rows are written in arrival order and read by person and time, so that the order of arrival
/// changes nothing.
struct MatchLog: Sendable {
  private static let setBits: UInt64 = 15
  /// Most sets of steps that a log can tell apart.
  static let setsMax = 1 << 15
  /// Makes the time of the year 0 zero.
  private static let timeOffset = -Moment.writableStart.milliseconds

  private(set) var persons: [UInt32] = []
  private var packed: [UInt64] = []

  /// The number of rows.
  var count: Int { persons.count }

  /// Adds an event.
  mutating func append(person: UInt32, time: Moment, set: Int) {
    persons.append(person)
    let shifted = UInt64(bitPattern: time.milliseconds &+ Self.timeOffset)
    packed.append(shifted << Self.setBits | UInt64(set))
  }

  /// Hands the matches of each person over, sorted by time and then by the rank of their set.
  ///
  /// - Parameters:
  ///   - roots: the person of each id.
  ///   - ranks: the rank of each set.
  ///   - body: gets a person and the matches; persons come in the order of their numbers.
  func forEachPerson(
    _ roots: [UInt32], ranks: [Int], _ body: (UInt32, ArraySlice<Match>) -> Void
  ) {
    let (sorted, starts) = byPerson(roots)
    var matches: [Match] = []
    for person in roots.indices where starts[person] < starts[person + 1] {
      matches.removeAll(keepingCapacity: true)
      for row in starts[person]..<starts[person + 1] { matches.append(match(sorted[row])) }
      sort(&matches, ranks)
      body(UInt32(truncatingIfNeeded: person), matches[...])
    }
  }

  private func match(_ packed: UInt64) -> Match {
    Match(
      time: Int64(bitPattern: packed >> Self.setBits) - Self.timeOffset,
      set: Int(packed & (UInt64(Self.setsMax) - 1)))
  }

  /// The rows grouped by person, and where each person's begin: a counting sort.
  private func byPerson(_ roots: [UInt32]) -> (rows: [UInt64], starts: [Int]) {
    var starts = [Int](repeating: 0, count: roots.count + 1)
    for person in persons { starts[Int(roots[Int(person)]) + 1] += 1 }
    for index in roots.indices { starts[index + 1] += starts[index] }
    var next = starts
    var rows = [UInt64](repeating: 0, count: packed.count)
    for index in packed.indices {
      let root = Int(roots[Int(persons[index])])
      rows[next[root]] = packed[index]
      next[root] += 1
    }
    return (rows, starts)
  }

  /// Sorts few and mostly sorted rows by insertion, many at once.
  private func sort(_ matches: inout [Match], _ ranks: [Int]) {
    func precedes(_ left: Match, _ right: Match) -> Bool {
      left.time != right.time ? left.time < right.time : ranks[left.set] < ranks[right.set]
    }
    if matches.count > 32 { return matches.sort(by: precedes) }
    for index in matches.indices.dropFirst() {
      let match = matches[index]
      var place = index
      while place > 0, precedes(match, matches[place - 1]) {
        matches[place] = matches[place - 1]
        place -= 1
      }
      matches[place] = match
    }
  }
}
