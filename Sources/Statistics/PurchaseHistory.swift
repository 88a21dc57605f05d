/// All that the models of repeat purchases need to know of a customer.
///
///     first purchase                              now
///     |────●───●────────────●─────────────────────|      repeats 3
///     |───────── last ──────|                            how long after the first the last one was
///     |──────────────────── age ──────────────────|
///
/// Purchases of one period, as a day, are one. In the literature x, t_x and T.
///
/// Source: P. S. Fader, B. G. S. Hardie and K. L. Lee, "Counting your customers" the easy way: an
/// alternative to the Pareto/NBD model, Marketing Science 24 (2005), 275-284.
public struct PurchaseHistory: Hashable, Sendable, BitwiseCopyable {
  /// Periods with a purchase after the first.
  public let repeats: Int
  /// The time from the first purchase to the last, 0 without repeats.
  public let last: Double
  /// The time from the first purchase to now.
  public let age: Double

  /// A history; time may be in any unit.
  public init(repeats: Int, last: Double, age: Double) {
    precondition(repeats >= 0 && last >= 0 && last <= age, "a last purchase is not to come")
    self.repeats = repeats
    self.last = repeats == 0 ? 0 : last
    self.age = age
  }

  /// Of somebody who has just bought for the first time: what a model expects of it is the mean of all.
  public static let newcomer = PurchaseHistory(repeats: 0, last: 0, age: 0)
}

extension PurchaseHistory: Comparable {
  /// By repeats, then by the last purchase, then by age.
  public static func < (left: PurchaseHistory, right: PurchaseHistory) -> Bool {
    (left.repeats, left.last, left.age) < (right.repeats, right.last, right.age)
  }
}

/// Customers of equal histories counted together, in order: what is computed of them does not depend
/// on the order they came in, and is computed once.
public struct PurchaseHistories: Sendable {
  /// The different histories in ascending order.
  public private(set) var histories: [PurchaseHistory] = []
  /// The number of customers of each.
  public private(set) var customers: [Int] = []
  /// For each history given, which of the different ones it is.
  public private(set) var places: [Int]

  /// Groups histories.
  ///
  /// Cost: O(n log n).
  public init(_ given: [PurchaseHistory]) {
    let order = given.indices.sorted { given[$0] < given[$1] }
    places = Array(repeating: 0, count: given.count)
    for index in order {
      if given[index] == histories.last {
        customers[customers.count - 1] += 1
      } else {
        histories.append(given[index])
        customers.append(1)
      }
      places[index] = histories.count - 1
    }
  }

  /// The mean age of a customer, at least a tiny time: the scale of the times.
  var meanAge: Double {
    let sum = zip(histories, customers).reduce(0) { $0 + $1.0.age * Double($1.1) }
    return max(sum / Double(max(1, places.count)), 1e-9)
  }
}

/// A model of when customers buy again and when they do so no more.
public protocol PurchaseModel: Sendable {
  /// The names of the parameters as the literature has them.
  static var parameterNames: [String] { get }

  /// A model by its parameters, all positive, in the order of ``parameterNames``.
  init(_ parameters: [Double])

  /// The most likely model of customers.
  static func fit(_ customers: PurchaseHistories) -> LikelihoodMaximum

  /// The chance that a customer still is one.
  func chanceAlive(_ history: PurchaseHistory) -> Double

  /// How often a customer will buy within a time from now on.
  func expectedPurchases(_ history: PurchaseHistory, within duration: Double) -> Double
}
