#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard normal distribution: mean 0, standard deviation 1.
///
///     NormalDistribution.cumulative(0)                    // 0.5
///     NormalDistribution.quantile(0.025)                  // -1.96
///     NormalDistribution.criticalValue(confidence: 0.95)  // 1.96
///
/// `exp`, `log` and the like come from the platform's C library and may differ in the last bit
/// between two of them.
public enum NormalDistribution {
  /// The share of the distribution at or under `x`.
  ///
  /// Small shares are as precise as great ones: their relative error is some 1e-16 by `x` squared.
  /// Source: the complementary error function of C99.
  public static func cumulative(_ x: Double) -> Double {
    0.5 * erfc(-x * 0.5.squareRoot())
  }

  /// The value that a share of `probability` lies at or under.
  ///
  /// 0 gives minus infinity, 1 infinity, anything outside NaN. The relative error is under 1e-15.
  /// A `probability` close to 1 has lost digits itself: ask for its complement, change the sign.
  ///
  /// Source: M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988), 477-484.
  public static func quantile(_ probability: Double) -> Double {
    guard probability > 0, probability < 1 else {
      return probability == 0 ? -.infinity : probability == 1 ? .infinity : .nan
    }
    let centred = probability - 0.5
    if abs(centred) <= 0.425 {
      let r = 0.180625 - centred * centred
      return centred * (polynomial(central.numerator, r) / polynomial(central.denominator, r))
    }
    let r = (-log(min(probability, 1 - probability))).squareRoot()
    let (terms, offset) = r <= 5 ? (tail, 1.6) : (farTail, 5.0)
    let distance =
      polynomial(terms.numerator, r - offset) / polynomial(terms.denominator, r - offset)
    return centred < 0 ? -distance : distance
  }

  /// How many standard deviations to either side of the mean hold a share of `confidence`.
  ///
  /// `confidence` lies between 0 and 1, ends excluded; anything else is a fault of the caller and
  /// stops the program.
  public static func criticalValue(confidence: Double) -> Double {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    return -quantile((1 - confidence) / 2)
  }
}

/// The two polynomials of a rational approximation, constant term first.
private typealias Terms = (numerator: [Double], denominator: [Double])

/// The coefficients of AS 241 for probabilities between 0.075 and 0.925.
private let central: Terms = (
  [
    3.387_132_872_796_366_608_0, 1.331_416_678_917_843_774_5e2, 1.971_590_950_306_551_442_7e3,
    1.373_169_376_550_946_112_5e4, 4.592_195_393_154_987_145_7e4, 6.726_577_092_700_870_085_3e4,
    3.343_057_558_358_812_810_5e4, 2.509_080_928_730_122_672_7e3,
  ],
  [
    1, 4.231_333_070_160_091_125_2e1, 6.871_870_074_920_579_083_0e2,
    5.394_196_021_424_751_107_7e3, 2.121_379_430_158_659_586_7e4, 3.930_789_580_009_271_061_0e4,
    2.872_908_573_572_194_267_4e4, 5.226_495_278_852_854_561_0e3,
  ]
)

/// The coefficients of AS 241 for the tails out to a probability of e to the -25.
private let tail: Terms = (
  [
    1.423_437_110_749_683_577_34, 4.630_337_846_156_545_295_90, 5.769_497_221_460_691_405_50,
    3.647_848_324_763_204_605_04, 1.270_458_252_452_368_382_58, 2.417_807_251_774_506_117_70e-1,
    2.272_384_498_926_918_458_33e-2, 7.745_450_142_783_414_076_40e-4,
  ],
  [
    1, 2.053_191_626_637_758_821_87, 1.676_384_830_183_803_849_40,
    6.897_673_349_851_000_045_50e-1, 1.481_039_764_274_800_745_90e-1,
    1.519_866_656_361_645_719_66e-2, 5.475_938_084_995_344_946_00e-4,
    1.050_750_071_644_416_843_24e-9,
  ]
)

/// The coefficients of AS 241 beyond that.
private let farTail: Terms = (
  [
    6.657_904_643_501_103_777_20, 5.463_784_911_164_114_369_90, 1.784_826_539_917_291_335_80,
    2.965_605_718_285_048_912_30e-1, 2.653_218_952_657_612_309_30e-2,
    1.242_660_947_388_078_438_60e-3, 2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
  ],
  [
    1, 5.998_322_065_558_879_376_90e-1, 1.369_298_809_227_358_053_10e-1,
    1.487_536_129_085_061_485_25e-2, 7.868_691_311_456_132_591_00e-4,
    1.846_318_317_510_054_681_80e-5, 1.421_511_758_316_445_888_70e-7,
    2.044_263_103_389_939_785_64e-15,
  ]
)

/// The value of a polynomial by Horner's rule, constant term first.
private func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
  coefficients.reversed().reduce(0) { $0 * x + $1 }
}
