import Pipes
import Records

/// The scores of each person as they were written last, and who has moved since; kept only under
/// `--changes`.
///
///     told   person → 62.5 · 71        now 62 · 49.8: health moved by 21.2 and crossed into red
///
/// What is told is of a person's numbers that of the highest scores, so that the order in which ids were
/// linked does not matter.
/// Cost: 4 bytes a person.
struct ScoreMoves: Sendable {
  /// The two scores of a person that are watched.
  struct Scores: Equatable, Sendable {
    let engagement: Tenths
    /// `nil` where no component has a value.
    let health: Tenths?

    /// Both in one word, never 0.
    fileprivate var word: UInt32 {
      UInt32(engagement.count + 1) << 16 | UInt32((health?.count ?? -1) + 1)
    }

    init(engagement: Tenths, health: Tenths?) {
      (self.engagement, self.health) = (engagement, health)
    }

    /// The scores of a word; `nil` for 0.
    fileprivate init?(word: UInt32) {
      guard word > 0 else { return nil }
      engagement = Tenths(count: word >> 16 - 1)
      health = word & 0xFFFF == 0 ? nil : Tenths(count: word & 0xFFFF - 1)
    }
  }

  /// By how many tenths a score must have moved to be written.
  private let least: Int16
  /// By number of a person; 0 for never.
  private var told: [UInt32] = []
  /// Of the persons to write, by root, what was told before; `nil` for nothing.
  private(set) var moved: [UInt32: Scores?] = [:]

  /// Nothing told yet; `nil` without `--changes`.
  init?(_ arguments: Arguments) throws(Failure) {
    guard let text = arguments.value("changes") else { return nil }
    for option in ["top", "fit", "backtest", "partial"] where arguments.has(option) {
      throw .usage("--changes writes who moved since the snapshot before: it takes no --\(option)")
    }
    guard ["every", "live"].contains(where: arguments.has) else {
      throw .usage("--changes needs --every or --live: it compares a snapshot with those before")
    }
    guard let points = Double(text), points > 0, points <= 100 else {
      throw .usage("--changes takes points over 0 up to 100, as 5, not '\(text)'")
    }
    least = max(1, Tenths(points).count)
  }

  /// Begins another report: nobody has moved yet, and ids that were linked since are one person.
  mutating func begin(_ roots: [UInt32]) {
    moved = [:]
    var resolved = [UInt32](repeating: 0, count: roots.count)
    for number in told.indices {
      let root = Int(roots[number])
      resolved[root] = max(resolved[root], told[number])
    }
    told = resolved
  }

  /// Looks whether a person has moved, and takes the scores for told if so.
  mutating func see(_ scores: Scores, of person: UInt32, _ bands: Health.Bands) {
    let before = Scores(word: told[Int(person)])
    guard hasMoved(from: before, to: scores, bands) else { return }
    told[Int(person)] = scores.word
    moved[person] = .some(before)
  }

  private func hasMoved(from before: Scores?, to now: Scores, _ bands: Health.Bands) -> Bool {
    guard let before else { return true }
    guard let health = now.health, let healthBefore = before.health else {
      return now.health != before.health || distance(now.engagement, before.engagement) >= least
    }
    return distance(now.engagement, before.engagement) >= least
      || distance(health, healthBefore) >= least
      || Health.Band(health, bands) != Health.Band(healthBefore, bands)
  }

  private func distance(_ one: Tenths, _ other: Tenths) -> Int16 { abs(one.count - other.count) }

  /// Writes what was told of a person, given by all its ids.
  func encode(_ ids: ArraySlice<UInt32>, into state: inout StateWriter) {
    let words = ids.lazy.map { Int($0) < told.count ? told[Int($0)] : 0 }
    state.write(UInt64(words.max() ?? 0))
  }

  /// Adds what another run told of a person.
  mutating func decode(_ person: UInt32, _ state: inout StateReader) throws(StateError) {
    let word = try state.short()
    guard word == 0 || (word >> 16 > 0 && word >> 16 <= 1001 && word & 0xFFFF <= 1001) else {
      throw StateError("scores that were told are out of range")
    }
    guard word > 0 else { return }
    while told.count <= Int(person) { told.append(0) }
    told[Int(person)] = max(told[Int(person)], word)
  }
}
