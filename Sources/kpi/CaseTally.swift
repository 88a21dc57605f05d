import Events
import Pipes
import Records
import Statistics

/// How many cases were opened in each period, how many of them were closed and how soon.
///
///     opened 08:00   closings 08:20, 09:05     1 closed after 20 minutes, 2 closings
///     opened 14:00   closing  14:30            1 closed after 30 minutes
struct CaseTally: Sendable {
  /// The cases of a period.
  struct Count: Sendable {
    var opened = 0
    /// Those with a closing.
    var closed = 0
    /// All closings.
    var closings = 0
    /// How large those opened are together.
    var size = 0
    /// From the opening to the first closing.
    var seconds = ExactQuantiles()
    var moments = Moments()
    var sum = DecimalSum()
  }

  private var cells = PairTable()
  private var counts: [Count] = []

  /// Counts the cases of keys and of persons.
  ///
  /// - Parameters:
  ///   - within: how long after the opening a closing counts, in milliseconds.
  ///   - places: where each value of `--by` goes, `nil` for nowhere.
  init(
    _ log: CaseLog, within: Int64?, _ persons: Persons, _ periods: CalendarPeriods,
    places: [UInt32?]
  ) {
    for (_, story) in log.keyedStories() { add(story, within, periods, places) }
    let roots = persons.roots()
    let ids = PersonIds(roots)
    for person in roots.indices where Int(roots[person]) == person {
      add(log.story(of: ids[roots[person]]), within, periods, places)
    }
  }

  private mutating func add(
    _ story: CaseLog.Story, _ within: Int64?, _ periods: CalendarPeriods, _ places: [UInt32?]
  ) {
    var next = 0
    for (index, opening) in story.openings.enumerated() {
      let isLast = index + 1 == story.openings.count
      let end = isLast ? Int64.max : story.openings[index + 1].time
      while next < story.closings.count, story.closings[next] < opening.time { next += 1 }
      let first = next
      var count = 0
      while next < story.closings.count, story.closings[next] < end {
        if let within, story.closings[next] - opening.time > within { break }
        (next, count) = (next + 1, count + 1)
      }
      guard let place = places[Int(opening.group)] else { continue }
      let period = periods.index(of: Moment(milliseconds: opening.time))
      let cell = cells.number(period, place)
      if cell == counts.count { counts.append(Count()) }
      counts[cell].opened += 1
      counts[cell].closings += count
      counts[cell].size += Int(opening.size)
      guard count > 0 else { continue }
      counts[cell].closed += 1
      let length = DecimalNumber(
        coefficient: Int128(story.closings[first] - opening.time), exponent: -3)
      counts[cell].seconds.update(length.double)
      counts[cell].moments.update(length.double)
      _ = counts[cell].sum.add(length)
    }
  }

  /// The cases that were opened in a period.
  func count(_ period: Int32, _ place: UInt32) -> Count {
    cells.known(period, place).map { counts[$0] } ?? Count()
  }
}
