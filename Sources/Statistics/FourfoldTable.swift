/// Cases counted by two yes-or-no questions: whether they had something, and how they ended.
///
///                    with outcome   without
///     exposed               17          3         used the search       17 bought, 3 did not
///     not exposed           20         60         did not               20 bought, 60 did not
///
///     var table = FourfoldTable()
///     table.update(isExposed: true, hasOutcome: true)
///     table.oddsRatio               // 17 searchers who bought: 17 × 60 ÷ (3 × 20) = 17
///
/// Counts are exact, so neither the order of the cases nor that of merging changes anything.
public struct FourfoldTable: Equatable, Sendable {
  /// Exposed cases that had the outcome.
  public private(set) var exposedHits: Int
  /// Exposed cases that did not.
  public private(set) var exposedMisses: Int
  /// Cases not exposed that had the outcome.
  public private(set) var otherHits: Int
  /// Cases not exposed that did not.
  public private(set) var otherMisses: Int

  /// Makes a table of its four counts, none of them negative.
  public init(
    exposedHits: Int = 0, exposedMisses: Int = 0, otherHits: Int = 0, otherMisses: Int = 0
  ) {
    precondition(
      exposedHits >= 0 && exposedMisses >= 0 && otherHits >= 0 && otherMisses >= 0,
      "a table counts cases")
    self.exposedHits = exposedHits
    self.exposedMisses = exposedMisses
    self.otherHits = otherHits
    self.otherMisses = otherMisses
  }

  /// Counts one case.
  public mutating func update(isExposed: Bool, hasOutcome: Bool) {
    switch (isExposed, hasOutcome) {
    case (true, true): exposedHits += 1
    case (true, false): exposedMisses += 1
    case (false, true): otherHits += 1
    case (false, false): otherMisses += 1
    }
  }

  /// Adds the cases of `other`.
  public mutating func merge(_ other: FourfoldTable) {
    exposedHits += other.exposedHits
    exposedMisses += other.exposedMisses
    otherHits += other.otherHits
    otherMisses += other.otherMisses
  }

  /// The exposed cases.
  public var exposed: Int { exposedHits + exposedMisses }
  /// The cases that are not exposed.
  public var others: Int { otherHits + otherMisses }
  /// The cases with the outcome.
  public var hits: Int { exposedHits + otherHits }
  /// The cases without it.
  public var misses: Int { exposedMisses + otherMisses }
  /// All cases.
  public var total: Int { exposed + others }

  /// Whether there are cases of both kinds on both questions, so that there is something to compare.
  public var isComparison: Bool { exposed > 0 && others > 0 && hits > 0 && misses > 0 }
}
