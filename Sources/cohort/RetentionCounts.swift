/// How many persons are in each cohort, and how many of them came back in each bracket.
///
///     cohort   size   day1   day2   day3
///     20,600   120    48     40     31
struct RetentionCounts: Sendable {
  private let bracketCount: Int
  /// The row of each cohort, by the number of its period.
  private var rows: [Int32: Int] = [:]
  private var sizes: [Int] = []
  private var retained: [Int] = []

  /// Nobody yet.
  init(bracketCount: Int) { self.bracketCount = bracketCount }

  /// The first and the last cohort with a person; `nil` without any.
  var range: ClosedRange<Int32>? {
    guard let first = rows.keys.min(), let last = rows.keys.max() else { return nil }
    return first...last
  }

  /// Adds a person to a cohort.
  ///
  /// - Parameter hits: the brackets in which the person came back.
  mutating func add(_ cohort: Int32, _ hits: [Bool]) {
    let row: Int
    if let known = rows[cohort] {
      row = known
    } else {
      row = sizes.count
      rows[cohort] = row
      sizes.append(0)
      retained.append(contentsOf: repeatElement(0, count: bracketCount))
    }
    sizes[row] += 1
    for (bracket, isHit) in hits.enumerated() where isHit {
      retained[row * bracketCount + bracket] += 1
    }
  }

  /// How many persons a cohort has.
  func size(of cohort: Int32) -> Int { rows[cohort].map { sizes[$0] } ?? 0 }

  /// How many of them came back in a bracket.
  func retained(of cohort: Int32, in bracket: Int) -> Int {
    rows[cohort].map { retained[$0 * bracketCount + bracket] } ?? 0
  }
}
