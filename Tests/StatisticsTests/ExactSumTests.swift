import Statistics
import Testing

@Suite("ExactSum")
struct ExactSumTests {
  private let least = Double.leastNonzeroMagnitude

  private func sum(_ values: [Double]) -> ExactSum {
    var sum = ExactSum()
    for value in values { sum.update(value) }
    return sum
  }

  @Test("Small numbers survive beside great ones that cancel")
  func cancelling() {
    #expect(sum([1e16, 1, -1e16]).value == 1)
    #expect(sum([1e308, least, -1e308]).value == least)
    #expect(sum(Array(repeating: 0.1, count: 10)).value == 1)
    #expect(sum([0.1, 0.2, -0.3]).value == 0x1p-55)
  }

  @Test("The greatest numbers may pass the range on the way, and only the result can be infinite")
  func overflow() {
    let greatest = Double.greatestFiniteMagnitude
    #expect(sum([greatest, greatest, -greatest]).value == greatest)
    #expect(sum([greatest, greatest]).value == .infinity)
    #expect(sum([-greatest, -greatest]).value == -.infinity)
    #expect(sum([greatest, greatest.ulp / 2]).value == .infinity)
    #expect(sum([greatest, (greatest.ulp / 2).nextDown]).value == greatest)
  }

  @Test("Halves between two numbers go to the even one, and a bit more goes up")
  func ties() {
    #expect(sum([1, 0x1p-53]).value == 1)
    #expect(sum([1, 0x1p-53, least]).value == 1 + 0x1p-52)
    #expect(sum([1, 0x1p-52, 0x1p-53]).value == 1 + 0x1p-51)
    #expect(sum([1, 0x1p-52, 0x1p-53, -least]).value == 1 + 0x1p-52)
    #expect(sum([-1, -0x1p-53, -least]).value == -1 - 0x1p-52)
  }

  @Test("The smallest numbers add up without loss")
  func subnormal() {
    #expect(sum([least, least, least]).value == 3 * least)
    #expect(sum([least, -least]).value == 0)
    #expect(sum([.leastNormalMagnitude, -least]).value == Double.leastNormalMagnitude.nextDown)
  }

  @Test("Products that are too small for a number still count, and are rounded at the end")
  func products() {
    var sum = ExactSum()
    sum.update(productOf: least, 0.5)
    #expect(sum.value == 0)
    sum.update(productOf: least, 0.25)
    #expect(sum.value == least)
    sum.update(productOf: 1e-200, 1e-200)
    sum.update(productOf: -1e-200, 1e-200)
    #expect(sum.value == least)

    var cross = ExactSum()
    cross.update(productOf: 1 + 0x1p-52, 1 + 0x1p-52)
    cross.update(-1 - 0x1p-51)
    #expect(cross.value == 0x1p-104)

    var great = ExactSum()
    great.update(productOf: 1e300, 1e300)
    #expect(great.value == .infinity)
    great.update(productOf: -1e300, 1e300)
    #expect(great.value == 0)
  }

  @Test("Infinities and NaN decide the sum")
  func nonFinite() {
    #expect(sum([1, .infinity]).value == .infinity)
    #expect(sum([-.infinity, 1]).value == -.infinity)
    #expect(sum([.infinity, -.infinity]).value.isNaN)
    #expect(sum([1, .nan]).value.isNaN)
    var product = ExactSum()
    product.update(productOf: 0, .infinity)
    #expect(product.value.isNaN)
  }

  @Test("A sum of zeros is 0, whatever their signs")
  func zeros() {
    #expect(sum([-0.0, -0.0]).value.sign == .plus)
    #expect(sum([-1, 1]).value.sign == .plus)
    #expect(sum([-0.0]) == ExactSum())
  }

  @Test("Sums of whole numbers are those of integer arithmetic")
  func integers() {
    var randomness = Randomness(seed: 6)
    for _ in 0..<200 {
      var sum = ExactSum()
      var whole: Int128 = 0
      for _ in 0..<20 {
        let first = Int.random(in: -(1 << 53)...(1 << 53), using: &randomness)
        let second = Int.random(in: -(1 << 53)...(1 << 53), using: &randomness)
        sum.update(Double(first))
        sum.update(productOf: Double(first), Double(second))
        whole += Int128(first) + Int128(first) * Int128(second)
      }
      #expect(sum.value == Double(whole))
    }
  }

  @Test("A sum taken up again from its state is the same, and goes on the same")
  func state() throws {
    for sample in Samples.all {
      let original = sum(sample.values)
      var restored = try #require(ExactSum(original.state))
      #expect(restored == original)
      #expect(restored.value.bitPattern == original.value.bitPattern)
      for value in sample.values { restored.update(-value) }
      var other = original
      for value in sample.values { other.update(-value) }
      #expect(restored == other)
    }
  }

  @Test("Equal sums have equal states, however far they went on the way")
  func canonicalState() {
    let direct = sum([3])
    let roundabout = sum([1e300, 1e-300, 3, -1e300, -1e-300])
    #expect(direct.state == roundabout.state)
    #expect(direct.state.words == [3])
    #expect(direct.state.position == 0)
    #expect(sum([-1]).state.words == [~0])
    #expect(sum([0x1p63]).state.words == [1 << 63, 0])
    #expect(sum([5, -5]).state.words == [])
  }

  @Test("A state that no sum can have is refused")
  func impossibleState() {
    let states = [
      ExactSum.State(words: [1], position: -35, nonFinite: []),
      ExactSum.State(words: [1], position: 35, nonFinite: []),
      ExactSum.State(words: Array(repeating: 1, count: 70), position: -34, nonFinite: []),
      ExactSum.State(words: [1], position: .max, nonFinite: []),
      ExactSum.State(words: [1], position: .min, nonFinite: []),
      ExactSum.State(words: [], position: 0, nonFinite: ExactSum.NonFinite(rawValue: 8)),
    ]
    for state in states { #expect(ExactSum(state) == nil) }
  }
}
