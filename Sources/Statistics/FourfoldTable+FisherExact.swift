#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension FourfoldTable {
  /// The probability of a table at least as unlikely as this one, were the two questions unrelated.
  ///
  /// Fisher's exact test, two-sided; 1 for a table of nothing.
  ///
  ///     FourfoldTable(exposedHits: 3, exposedMisses: 1, otherHits: 1, otherMisses: 3).fisherExact  // 0.4857
  ///
  /// With the sums of the rows and columns given, the first cell follows a hypergeometric
  /// distribution. Of all its values those count that are no more likely than the one at hand; two
  /// are taken for equally likely when they are to 1 part in 10 million, as in R's `fisher.test`.
  ///
  /// Cost: some multiples of the cell's standard deviation, so 10 µs for a thousand cases, a
  /// millisecond for a hundred million. A probability under 1e-308 is 0.
  ///
  /// Source: R. A. Fisher, The logic of inductive inference, Journal of the Royal Statistical Society
  /// 98 (1935), 39-82.
  public var fisherExact: Double {
    let law = FirstCell(self)
    let mode = law.mode
    guard exposedHits != mode else { return 1 }
    let isAbove = exposedHits > mode
    let logProbability = law.logProbability(of: exposedHits)
    let near = law.tail(from: exposedHits, isUpper: isAbove)
    // The first value on the other side of the mode that is no more likely.
    let limit = logProbability + log1p(1e-7)
    var (likely, unlikely) = (mode, isAbove ? law.least - 1 : law.greatest + 1)
    while abs(unlikely - likely) > 1 {
      let middle = likely + (unlikely - likely) / 2
      if law.logProbability(of: middle) <= limit { unlikely = middle } else { likely = middle }
    }
    // The mode is not above the limit where two neighbours are equally likely and one is at hand.
    let far =
      law.logProbability(of: mode) <= limit ? mode : unlikely
    return min(1, near + law.tail(from: far, isUpper: !isAbove))
  }
}

/// What the first cell of a table can be, its sums given.
private struct FirstCell {
  let exposed: Int
  let others: Int
  let hits: Int

  init(_ table: FourfoldTable) {
    exposed = table.exposed
    others = table.others
    hits = table.hits
  }

  var least: Int { max(0, hits - others) }
  var greatest: Int { min(exposed, hits) }

  /// The most likely value, the greater of two.
  var mode: Int {
    let share = (Double(exposed) + 1) / (Double(exposed) + Double(others) + 2)
    let mode = Int(share * (Double(hits) + 1))
    return min(max(mode, least), greatest)
  }

  /// The logarithm of the probability of a value, from three binomial ones: those of the two rows and
  /// that of their sum, the chance of all being the overall share of hits.
  func logProbability(of value: Int) -> Double {
    guard value >= least, value <= greatest else { return -.infinity }
    let (rows, hits) = (Double(exposed) + Double(others), Double(hits))
    let (chance, otherChance) = (hits / rows, (rows - hits) / rows)
    func logBinomial(_ count: Double, _ cases: Double) -> Double {
      BinomialDistribution.logProbability(
        of: count, outOf: cases, chance: chance, otherChance: otherChance)
    }
    return logBinomial(Double(value), Double(exposed))
      + logBinomial(hits - Double(value), Double(others)) - logBinomial(hits, rows)
  }

  /// The probability of a value and all beyond it, away from the mode.
  func tail(from value: Int, isUpper: Bool) -> Double {
    var term = exp(logProbability(of: value))
    var sum = 0.0
    var value = value
    while term > sum * 1e-17, value >= least, value <= greatest {
      sum += term
      term *= ratio(of: value, toUpper: isUpper)
      value += isUpper ? 1 : -1
    }
    return sum
  }

  /// How likely the next value is by comparison.
  private func ratio(of value: Int, toUpper: Bool) -> Double {
    let x = Double(value)
    let (exposed, others, hits) = (Double(exposed), Double(others), Double(hits))
    return toUpper
      ? (exposed - x) / (x + 1) * ((hits - x) / (others - hits + x + 1))
      : x / (exposed - x + 1) * ((others - hits + x) / (hits - x + 1))
  }
}
