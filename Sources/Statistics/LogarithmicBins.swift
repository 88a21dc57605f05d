/// A numbering of the positive numbers by bins that are each 2 % wide, 35 to an octave.
///
///     number   1       1.020   1.041   …   1.961   2       2.040
///     bin      |   0   |   1   |       …   |  34   |  35   |
///
/// The bins of DDSketch lie at powers of 1.0202. Their number is a logarithm, which two C
/// libraries may round differently; a number at the edge of a bin would then count in one bin here
/// and in another there. So in place of the logarithm stands, as in DataDog's own fastest
/// implementation, the exponent plus a cubic in the fraction that is close to it:
///
///     x = 2^e * (1 + s),  0 <= s < 1        bin = floor(35 * e + 6 s^3 - 21 s^2 + 50 s)
///
/// That takes a few additions and multiplications, which every machine rounds alike. The cubic is
/// theirs, (6 s^3 - 21 s^2 + 50 s) / 35: it climbs from 0 to 1 and nowhere slower than 10/7 of
/// ln(1 + s). A bin is therefore at most a factor exp(7/10/35) = exp(0.02) wide, and its middle
/// within tanh(0.01) = 0.99997 % of everything in it. It takes one bin in a hundred more than the
/// logarithm would.
///
/// Source: C. Masson, J. E. Rim, H. K. Lee, DDSketch, PVLDB 12 (2019), 2195-2205;
/// CubicallyInterpolatedMapping of DataDog's sketches-java.
enum LogarithmicBins {
  /// How many bins lie between a number and its double.
  static let perOctave = 35

  /// The bin of a positive normal number.
  static func index(of value: Double) -> Int {
    let octave = Int(value.exponentBitPattern) - 1023
    let fraction = Double(bitPattern: 1023 << 52 | value.significandBitPattern) - 1
    return perOctave * octave + Int(((6 * fraction - 21) * fraction + 50) * fraction)
  }

  /// The number that is off by the same small share, at most 1 %, at both ends of a bin.
  static func middle(of index: Int) -> Double {
    let lower = min(lowerBound(of: index), .greatestFiniteMagnitude)
    let upper = min(lowerBound(of: index + 1), .greatestFiniteMagnitude)
    // The harmonic mean, in an order of operations that cannot overflow.
    return lower * (2 / (1 + lower / upper))
  }

  /// The least number of a bin, found by halving the octave that it lies in.
  static func lowerBound(of index: Int) -> Double {
    let isNegative = index < 0
    let octave = (isNegative ? index - perOctave + 1 : index) / perOctave
    var below = UInt64(octave + 1023) << 52
    var span: UInt64 = 1 << 52
    // Everything under `below` is in an earlier bin; the bin starts within `span` of it.
    while span > 0 {
      let half = span / 2
      let middle = Double(bitPattern: below + half)
      if self.index(of: middle) < index {
        below += half + 1
        span -= half + 1
      } else {
        span = half
      }
    }
    return Double(bitPattern: below)
  }
}
