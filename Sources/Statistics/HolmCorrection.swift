/// Probabilities of several tests, corrected for their number so that all of them together go wrong
/// no more often than one would.
///
///     holmCorrected([0.01, 0.04, 0.03])   // [0.03, 0.06, 0.06]
///
/// The least is multiplied by the number of tests, the next by one less, and so on; none becomes
/// less than one before it, nor more than 1. It holds whatever the tests have to do with each other.
/// Cost: O(n log n).
///
/// Source: S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
/// Statistics 6 (1979), 65-70.
public func holmCorrected(_ probabilities: [Double]) -> [Double] {
  let order = probabilities.indices.sorted {
    (probabilities[$0], $0) < (probabilities[$1], $1)
  }
  var corrected = probabilities
  var greatest = 0.0
  for (place, index) in order.enumerated() {
    greatest = max(greatest, min(1, probabilities[index] * Double(order.count - place)))
    corrected[index] = greatest
  }
  return corrected
}
