import Foundation
import Records
import TestSupport
import Testing

/// Numbers exactly as their text says, and sums that lose nothing.
@Suite("Decimal numbers") struct DecimalTests {
  static func number(_ text: String) -> DecimalNumber? {
    decimalText(padded(text).span, from: 0, to: text.utf8.count)
  }

  static func text(_ number: DecimalNumber) -> String {
    var bytes: [UInt8] = []
    number.append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  static func text(_ sum: DecimalSum) -> String {
    var bytes: [UInt8] = []
    sum.append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The plain form of a JSON number, found by moving its digits.
  static func plain(_ text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let parts = text.lowercased().drop { $0 == "-" }.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    var whole = String(mantissa[0])
    var fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
    let power = parts.count > 1 ? Int(parts[1])! : 0
    if power >= 0 {
      fraction += String(repeating: "0", count: max(0, power - fraction.count))
      whole += fraction.prefix(power)
      fraction = String(fraction.dropFirst(power))
    } else {
      whole = String(repeating: "0", count: max(0, -power - whole.count)) + whole
      fraction = whole.suffix(-power) + fraction
      whole = String(whole.dropLast(-power))
    }
    while fraction.hasSuffix("0") { fraction.removeLast() }
    whole = String(whole.drop { $0 == "0" })
    let value = (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction)
    return isNegative && value != "0" ? "-" + value : value
  }

  @Test(
    "a number is written plainly and without trailing zeros",
    arguments: [
      ("0", "0"), ("-0", "0"), ("0.000", "0"), ("-0.0e5", "0"), ("0e9999", "0"), ("1", "1"),
      ("-1", "-1"), ("1.50", "1.5"), ("1000", "1000"), ("1e3", "1000"), ("1E+3", "1000"),
      ("100e-2", "1"), ("0.001", "0.001"), ("12.5e-3", "0.0125"),
      ("9999999999999999999", "9999999999999999999"),
      ("18446744073709551615", "18446744073709551615"),
      ("18446744073709551616", "18446744073709551616"),
      ("1000000000000000000", "1000000000000000000"),
      ("10000000000000000000000", "10000000000000000000000"),
      ("1000000000000000000100000", "1000000000000000000100000"),
      (
        "99999999999999999999999999999999999999", "99999999999999999999999999999999999999"
      ),
      (
        "-0.00000000000000000000000000000000000001", "-0.00000000000000000000000000000000000001"
      ),
      ("1.0000000000000000000", "1"),
    ])
  func written(_ text: String, _ expected: String) throws {
    #expect(Self.plain(text) == expected)
    let number = try #require(Self.number(text))
    #expect(Self.text(number) == expected)
    #expect(Self.number(Self.text(number)) == number)
  }

  @Test(
    "what is longer than 38 digits or past an exponent of 9999 gives none",
    arguments: [
      "999999999999999999999999999999999999999", "1.00000000000000000000000000000000000001",
      "100000000000000000000000000000000000001", "1e10000", "1e-10000",
      "1e99999999999999999999999", "", "-", "+1", "01", "1.", ".5", "1e", "0x1", "1 ", " 1", "NaN",
      "1,5", "--1",
    ])
  func none(_ text: String) {
    #expect(Self.number(text) == nil)
  }

  @Test("any number is written as its digits say, and equal numbers are equal")
  func random() throws {
    var randomness = Randomness(seed: 3)
    for _ in 0..<4000 {
      let digits = (0..<randomness.number(1...19)).map { _ in
        randomness.happens(30) ? "0" : String(randomness.number(0...9))
      }.joined()
      let decimals = (0..<randomness.number(0...19)).map { _ in
        randomness.happens(30) ? "0" : String(randomness.number(0...9))
      }.joined()
      var whole = String(digits.drop { $0 == "0" })
      if whole.isEmpty { whole = "0" }
      var text = (randomness.happens(50) ? "-" : "") + whole
      if !decimals.isEmpty { text += "." + decimals }
      if randomness.happens(50) { text += "e\(randomness.number(-30...30))" }
      let number = try #require(Self.number(text), "\(text)")
      let plain = Self.plain(text)
      #expect(Self.text(number) == plain, "\(text)")
      #expect(Self.number(plain) == number, "\(text)")
      #expect(number.double == Double(text), "\(text)")
    }
  }

  @Test(
    "a number is scaled by cutting towards zero",
    arguments: [
      ("13.49", 2, "1349"), ("13.49", 1, "134"), ("-13.49", 0, "-13"), ("0.9", 0, "0"),
      ("5e3", 0, "5000"), ("5e3", -3, "5"), ("5e3", -4, "0"), ("1e38", 0, nil),
      ("1e37", 0, "10000000000000000000000000000000000000"),
    ] as [(String, Int, String?)])
  func scaled(_ text: String, _ places: Int, _ expected: String?) throws {
    let number = try #require(Self.number(text))
    let scaled = number.scaled(by: places)
    // 10^38 still fits 127 bits, 10^39 does not.
    #expect(
      scaled?.description == (text == "1e38" ? "1" + String(repeating: "0", count: 38) : expected))
  }
}

/// Sums of decimal numbers.
@Suite("Decimal sums") struct DecimalSumTests {
  private static func sum(_ texts: [String]) throws -> DecimalSum {
    var sum = DecimalSum()
    for text in texts {
      let number = try #require(DecimalTests.number(text))
      let isAdded = sum.add(number)
      #expect(isAdded, "\(text)")
    }
    return sum
  }

  @Test(
    "a sum is exact",
    arguments: [
      ([], "0"), (["0.1", "0.2"], "0.3"), (["0.5", "0.5"], "1"), (["-0.5"], "-0.5"),
      (["-0.5", "-0.5"], "-1"), (["-0.5", "0.25"], "-0.25"), (["1", "-0.25"], "0.75"),
      (["-1", "0.25"], "-0.75"), (["0.999", "0.001"], "1"), (["-0.999", "-0.001"], "-1"),
      (["-3.75", "3.75"], "0"), (["1e-36", "-1"], "-0.999999999999999999999999999999999999"),
      (["-1e-36"], "-0.000000000000000000000000000000000001"),
      (
        ["1e30", "1e-36"],
        "1000000000000000000000000000000.000000000000000000000000000000000001"
      ),
      (["99999999999999999999999999999999999999", "1"], "100000000000000000000000000000000000000"),
    ] as [([String], String)])
  func exact(_ texts: [String], _ expected: String) throws {
    #expect(DecimalTests.text(try Self.sum(texts)) == expected)
  }

  @Test("numbers in any order, and sums of parts, give the same sum as Foundation's decimals")
  func anyOrder() throws {
    var randomness = Randomness(seed: 4)
    for _ in 0..<300 {
      var texts: [String] = []
      var reference = Decimal()
      for _ in 0..<randomness.number(1...40) {
        let sign = randomness.happens(50) ? "-" : ""
        let whole = randomness.number(0...999_999_999_999)
        let text = "\(sign)\(whole).\(String(randomness.number(1...9_999_999_999)))"
        texts.append(text)
        reference += try #require(Decimal(string: text))
      }
      let sum = try Self.sum(texts)
      #expect(DecimalTests.text(sum) == reference.description)
      #expect(try Self.sum(texts.shuffled(using: &randomness)) == sum)
      let cut = randomness.number(0...texts.count)
      let (first, second) = (try Self.sum(Array(texts[..<cut])), try Self.sum(Array(texts[cut...])))
      var merged = second
      merged.merge(first)
      #expect(merged == sum)
      merged.subtract(second)
      #expect(merged == first)
      #expect(sum.isZero == (reference == 0))
      #expect(
        (first < second)
          == (try #require(
            Decimal(string: DecimalTests.text(first))) < Decimal(string: DecimalTests.text(second))!)
      )
    }
  }

  @Test("a number that does not fit is refused and nothing is added")
  func refused() throws {
    var sum = try Self.sum(["1.5"])
    for text in ["1e-37", "1e39", "1e9999", "1.1e-36"] {
      let number = try #require(DecimalTests.number(text))
      let isAdded = sum.add(number)
      #expect(!isAdded, "\(text)")
    }
    #expect(DecimalTests.text(sum) == "1.5")
    var full = try Self.sum(["1e38"])
    let again = try #require(DecimalTests.number("1e38"))
    let isAdded = full.add(again)
    #expect(!isAdded)
    #expect(DecimalTests.text(full) == "1" + String(repeating: "0", count: 38))
  }
}
