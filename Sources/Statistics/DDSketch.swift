/// Quantiles within 1 % from a bounded amount of memory.
///
///     var duration = DDSketch()
///     for seconds in 1...1000 { duration.update(Double(seconds)) }
///     duration.quantile(0.5)  // 500.5, give or take 5
///
/// It counts numbers in bins that are each 2 % wide, `LogarithmicBins`, those under zero in bins
/// of their own:
///
///     -2.04 … -1.96 … -0.01 …     0     … 0.01 … 1.96 … 2.04
///       negative, mirrored     zeros          positive
///
/// A quantile is that of `ExactQuantiles` over numbers that are each moved by at most 1 %, so it
/// is within 1 % too, or within 1 % of the greater of the two numbers that it lies between when
/// one is under zero and the other above. The numbers alone decide the state: any order, split and
/// merge gives the same, on any machine.
///
/// Limit: on each side of zero 2,048 bins are kept, a range of 1 to 4e17. Numbers nearer to zero
/// than that below the greatest of their sign count as if they were at the edge of the range: the
/// error is then no longer 1 % of them, but under 1e-17 of that greatest. Magnitudes under
/// 2.3e-308 count as zero.
///
/// Cost: some 10 ns an update; 8 bytes for each 2 % between the least and the greatest number of a
/// sign: 3 KB from a second to an hour, 16 KB for each sign at most.
///
/// Source: C. Masson, J. E. Rim, H. K. Lee, DDSketch: a fast and fully-mergeable quantile sketch
/// with relative-error guarantees, PVLDB 12 (2019), 2195-2205.
public struct DDSketch: Equatable, Sendable {
  /// How far a quantile can be from the exact one, as a share of it.
  public static let relativeError = 0.01

  private var positive = BinCounts()
  private var negative = BinCounts()
  private var zeroCount = 0
  private var positiveInfinityCount = 0
  private var negativeInfinityCount = 0
  private var notNumberCount = 0

  /// The number that a sketch takes for one: within 1 % of it, and one of few.
  public static func representative(of value: Double) -> Double {
    guard value.isNormal else { return value.isFinite ? 0 : value }
    let middle = LogarithmicBins.middle(of: LogarithmicBins.index(of: value.magnitude))
    return value < 0 ? -middle : middle
  }

  /// The sketch of nothing.
  public init() {}

  /// How many numbers there are.
  public var count: Int {
    negativeInfinityCount + negative.total + zeroCount + positive.total + positiveInfinityCount
      + notNumberCount
  }

  /// Adds `value`, `count` times.
  ///
  /// A negative count is a fault of the caller and stops the program.
  public mutating func update(_ value: Double, count: Int = 1) {
    precondition(count >= 0, "a number is added some times or not at all")
    guard count > 0 else { return }
    if value.isNormal {
      let index = LogarithmicBins.index(of: value.magnitude)
      if value > 0 {
        positive.update(index, count: count)
      } else {
        negative.update(index, count: count)
      }
    } else if value.isNaN {
      notNumberCount += count
    } else if value.isInfinite {
      if value > 0 { positiveInfinityCount += count } else { negativeInfinityCount += count }
    } else {
      zeroCount += count
    }
  }

  /// Adds the numbers of `other`.
  public mutating func merge(_ other: DDSketch) {
    positive.merge(other.positive)
    negative.merge(other.negative)
    zeroCount += other.zeroCount
    positiveInfinityCount += other.positiveInfinityCount
    negativeInfinityCount += other.negativeInfinityCount
    notNumberCount += other.notNumberCount
  }

  /// The number that a share of `quantile` lies under, within 1 %; `nil` when there are no
  /// numbers.
  ///
  /// 0 gives the least, 0.5 the median, 1 the greatest; outside 0 to 1 is a fault of the caller
  /// and stops the program. NaN when there is a NaN among the numbers. Cost: about a microsecond
  /// and one for each thousand bins.
  public func quantile(_ quantile: Double) -> Double? {
    guard count > 0 else { return nil }
    let position = QuantilePosition(quantile, count: count)
    guard notNumberCount == 0 else { return .nan }
    let lower = value(ofRank: position.rank)
    guard position.fraction > 0 else { return lower }
    return position.value(from: lower, to: value(ofRank: position.rank + 1))
  }

  /// The middle of the bin of the number that `rank` numbers are below.
  private func value(ofRank rank: Int) -> Double {
    var rank = rank - negativeInfinityCount
    if rank < 0 { return -.infinity }
    if rank < negative.total {
      return -LogarithmicBins.middle(of: negative.index(ofRank: negative.total - 1 - rank))
    }
    rank -= negative.total + zeroCount
    if rank < 0 { return 0 }
    if rank < positive.total {
      return LogarithmicBins.middle(of: positive.index(ofRank: rank))
    }
    return .infinity
  }
}

extension DDSketch {
  /// A number that stands for all in its bin, and how many they are.
  public struct Bin: Equatable, Sendable {
    /// The middle of the bin; 0, an infinity and NaN stand for themselves.
    public var value: Double

    /// How many numbers are in the bin.
    public var count: Int

    /// Puts a bin together from its parts.
    public init(value: Double, count: Int) {
      self.value = value
      self.count = count
    }
  }

  /// The bins that are not empty, from the least to the greatest, NaN at the end.
  ///
  /// Adding each `value` its `count` times to an empty sketch gives an equal sketch: this is what
  /// a checkpoint keeps.
  public var bins: [Bin] {
    let below = DDSketch.bins(of: negative, sign: -1).reversed()
    let above = DDSketch.bins(of: positive, sign: 1)
    let start = [Bin(value: -.infinity, count: negativeInfinityCount)] + below
    let middle = start + [Bin(value: 0, count: zeroCount)] + above
    let end = [
      Bin(value: .infinity, count: positiveInfinityCount), Bin(value: .nan, count: notNumberCount),
    ]
    return (middle + end).filter { $0.count > 0 }
  }

  private static func bins(of side: BinCounts, sign: Double) -> [Bin] {
    side.counts.enumerated().map { offset, count in
      Bin(value: sign * LogarithmicBins.middle(of: side.lowest + offset), count: count)
    }
  }
}
