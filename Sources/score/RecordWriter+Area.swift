import Records
import Statistics

extension RecordWriter {
  /// Writes an area with its interval after DeLong, `null` where only one outcome was seen.
  mutating func field(_ name: String, _ ranked: RankedOutcomes?) {
    guard let ranked else { return null(name) }
    object(name) { writer in
      writer.field("value", ranked.area)
      writer.field("low", ranked.interval()?.low)
      writer.field("high", ranked.interval()?.high)
    }
  }

  /// Writes an answer, `null` where there is none.
  mutating func field(_ name: String, _ answer: Bool?) {
    if let answer { field(name, answer) } else { null(name) }
  }
}

/// Which of several scores may well say nothing of an outcome, by themselves; `nil` where that cannot be
/// told.
///
/// Of many that say nothing some would seem to: the more are asked, the more must be seen (Holm, 5 %).
func vanities(_ areas: [RankedOutcomes?]) -> [Bool?] {
  let chances = areas.map { $0?.chanceOfHalf }
  let asked = chances.indices.filter { chances[$0] != nil }
  var vanities = [Bool?](repeating: nil, count: areas.count)
  for (index, chance) in zip(asked, holmCorrected(asked.compactMap { chances[$0] })) {
    vanities[index] = chance >= 0.05
  }
  return vanities
}
