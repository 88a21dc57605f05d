import Events
import Records

/// What a funnel keeps of the events: twelve bytes each.
///
///     persons   [ 7      ][ 7      ][ 12     ] …     number of the person's id, 4 bytes
///     matches   [time|set][time|set][time|set] …
///
/// Rows are written in arrival order and read by person and time, so that the order of arrival
/// changes nothing.
struct MatchLog: Sendable {
  private var persons: [UInt32] = []
  private var matches: [Match] = []

  /// Bytes of the larger array.
  var largestArrayBytes: Int { matches.count * MemoryLayout<Match>.stride }

  /// Adds an event.
  mutating func append(person: UInt32, _ match: Match) {
    if persons.count == persons.capacity { persons.growInLargePages() }
    persons.append(person)
    if matches.count == matches.capacity { matches.growInLargePages() }
    matches.append(match)
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
    var (rows, ends) = byPerson(roots)
    var start = 0
    for person in roots.indices where start < ends[person] {
      let end = ends[person]
      sort(&rows, from: start, to: end, ranks)
      body(UInt32(truncatingIfNeeded: person), rows[start..<end])
      start = end
    }
  }

  /// The rows grouped by person, and where each person's end: a counting sort.
  private func byPerson(_ roots: [UInt32]) -> (rows: [Match], ends: [Int]) {
    // The counts become where each person's rows begin, and by filling them where they end.
    var ends = [Int](repeating: 0, count: roots.count)
    for person in persons { ends[Int(roots[Int(person)])] += 1 }
    var start = 0
    for person in ends.indices {
      let count = ends[person]
      ends[person] = start
      start += count
    }
    var rows = [Match](repeating: Match(time: 0, set: 0), count: matches.count)
    for index in matches.indices {
      let root = Int(roots[Int(persons[index])])
      rows[ends[root]] = matches[index]
      ends[root] += 1
    }
    return (rows, ends)
  }

  /// Sorts few and mostly sorted rows by insertion, many at once.
  private func sort(_ rows: inout [Match], from start: Int, to end: Int, _ ranks: [Int]) {
    func precedes(_ left: Match, _ right: Match) -> Bool {
      left.time != right.time ? left.time < right.time : ranks[left.set] < ranks[right.set]
    }
    if end - start > 32 { return rows[start..<end].sort(by: precedes) }
    for index in start + 1..<max(end, start + 1) {
      let match = rows[index]
      var place = index
      while place > start, precedes(match, rows[place - 1]) {
        rows[place] = rows[place - 1]
        place -= 1
      }
      rows[place] = match
    }
  }
}
