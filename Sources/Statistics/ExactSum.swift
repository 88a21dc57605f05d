/// A sum of numbers, or of products of two, that no rounding touches until it is read.
///
///     var sum = ExactSum()
///     sum.update(1e16)
///     sum.update(1)
///     sum.update(-1e16)
///     sum.value  // 1, where adding one by one gives 0
///
/// The sum is a whole number in two's complement, as long as it must be to hold every bit of every
/// number added:
///
///     bits           … 2^128       2^64         2^0        2^-64
///     words           |  sign word  |   word 1   |  word 0   |      position of word 0: -1
///     update(1.5)                   +          1 | 1000…     |
///
/// Adding whole numbers has one result whatever the order, so the state depends on what was added
/// alone: any order, any way of splitting and merging gives the same bits. `value` is the true sum
/// rounded once.
///
/// Cost: 15 to 25 ns an update. Some 60 bytes, and 8 for each 64 bits between the lowest and the
/// highest bit ever added: 2 or 3 words for seconds or money, never more than 70. Cannot overflow.
///
/// Source: U. Kulisch, Computer Arithmetic and Validity (2008), the long accumulator; R. M. Neal,
/// Fast exact summation using small and large superaccumulators (2015).
public struct ExactSum: Sendable {
  /// The sum in two's complement, lowest word first; empty before the first number.
  ///
  /// The last word is only the sign, 0 or all ones.
  private var words: [UInt64] = []

  /// `words[0]` counts units of 2^(64 * `position`).
  private var position = 0

  private var nonFinite: NonFinite = []

  /// The sum of nothing, 0.
  public init() {}

  /// Adds `value`.
  ///
  /// Infinities and NaN are remembered and decide what `value` is.
  public mutating func update(_ value: Double) {
    guard value.isFinite else { return nonFinite.insert(of: value) }
    let parts = Parts(value)
    add(UInt128(parts.significand), exponent: parts.exponent, isNegative: value < 0)
  }

  /// Adds the product of `first` and `second`, all of its bits.
  ///
  ///     sum.update(productOf: 0.1, 0.1)  // what 0.1 * 0.1 is before it is rounded
  public mutating func update(productOf first: Double, _ second: Double) {
    guard first.isFinite, second.isFinite else { return nonFinite.insert(of: first * second) }
    let one = Parts(first)
    let other = Parts(second)
    add(
      UInt128(one.significand) * UInt128(other.significand),
      exponent: one.exponent + other.exponent, isNegative: (first < 0) != (second < 0))
  }

  /// Adds all that was added to `other`.
  public mutating func merge(_ other: ExactSum) {
    nonFinite.formUnion(other.nonFinite)
    guard !other.words.isEmpty else { return }
    add(other.words.span, at: other.position, sign: other.sign)
  }

  /// The sum, rounded once to the nearest `Double`.
  ///
  /// 0 for nothing, never -0. Infinity when the true sum is past the greatest `Double` or an
  /// infinity was added; NaN when a NaN or both infinities were.
  public var value: Double {
    nonFinite.value ?? number.rounded()
  }

  /// Whether every number added was finite.
  var isFinite: Bool { nonFinite.isEmpty }

  /// The sum of the finite numbers, sign and magnitude.
  var number: ExactNumber {
    guard sign != 0 else { return ExactNumber(words: words, position: position) }
    var magnitude = words
    var carry = true
    for index in magnitude.indices {
      (magnitude[index], carry) = (~magnitude[index]).addingReportingOverflow(carry ? 1 : 0)
    }
    return ExactNumber(isNegative: true, words: magnitude, position: position)
  }

  /// What every word above the last would be: 0, or all ones for a negative sum.
  private var sign: UInt64 { words.last ?? 0 }

  /// Adds an odd number of at most 106 bits, or 0, times 2^`exponent`.
  private mutating func add(_ significand: UInt128, exponent: Int, isNegative: Bool) {
    guard significand != 0 else { return }
    let shift = exponent & 63
    let shifted = significand << shift
    var parts: InlineArray<3, UInt64> = [
      UInt64(truncatingIfNeeded: shifted),
      UInt64(truncatingIfNeeded: shifted >> 64),
      UInt64(truncatingIfNeeded: (significand >> 64) >> (64 - shift)),
    ]
    let used = parts[2] != 0 ? 3 : parts[1] != 0 ? 2 : 1
    if isNegative {
      // All bits turned over, plus one, which goes no further than the first word: an odd number
      // shifted by less than 64 bits is not 0 there.
      parts[0] = 0 &- parts[0]
      parts[1] = ~parts[1]
      parts[2] = ~parts[2]
    }
    add(parts.span.extracting(first: used), at: exponent >> 6, sign: isNegative ? ~0 : 0)
  }

  /// Adds a number in two's complement that goes on with `sign` above its last word.
  private mutating func add(_ addend: Span<UInt64>, at start: Int, sign: UInt64) {
    widen(from: start, to: start + addend.count + 1)
    var index = start - position
    var carry = false
    for addendIndex in addend.indices {
      let (partial, first) = words[index].addingReportingOverflow(addend[addendIndex])
      let (word, second) = partial.addingReportingOverflow(carry ? 1 : 0)
      words[index] = word
      carry = first || second
      index += 1
    }
    // What is left to add to the words above is 0 or -1: `sign` and the carry. They cancel, or the
    // word decides.
    while index < words.count, carry != (sign != 0) {
      let word = words[index]
      words[index] = carry ? word &+ 1 : word &- 1
      carry = carry ? word == ~0 : word != 0
      index += 1
    }
    let last = self.sign
    if last != 0, last != ~0 {
      words.append(last >> 63 == 0 ? 0 : ~0)
    }
  }

  /// Makes room for the words from position `start` up to `end`, without changing the sum.
  private mutating func widen(from start: Int, to end: Int) {
    if words.isEmpty { position = start }
    if start < position {
      words.insert(contentsOf: repeatElement(0, count: position - start), at: 0)
      position = start
    }
    let missing = end - position - words.count
    if missing > 0 {
      words.append(contentsOf: repeatElement(sign, count: missing))
    }
  }
}

extension ExactSum {
  /// The numbers that are none, as far as they were added to a sum.
  public struct NonFinite: OptionSet, Sendable {
    /// One bit for each kind.
    public let rawValue: UInt8

    /// Takes the kinds whose bits are set.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A NaN was added.
    public static let notANumber = NonFinite(rawValue: 1)

    /// An infinity above zero was added.
    public static let positiveInfinity = NonFinite(rawValue: 2)

    /// An infinity below zero was added.
    public static let negativeInfinity = NonFinite(rawValue: 4)

    /// Remembers a value that is not finite.
    fileprivate mutating func insert(of value: Double) {
      formUnion(value.isNaN ? .notANumber : value > 0 ? .positiveInfinity : .negativeInfinity)
    }

    /// What any sum with these in it is; `nil` when there are none.
    fileprivate var value: Double? {
      switch self {
      case []: nil
      case .positiveInfinity: .infinity
      case .negativeInfinity: -.infinity
      default: .nan
      }
    }
  }

  /// All that a sum holds, in the one form that equal sums share.
  ///
  /// To write a sum to a checkpoint and to read it back.
  public struct State: Equatable, Sendable {
    /// The sum in two's complement, lowest word first; empty for 0.
    public var words: [UInt64]

    /// `words[0]` counts units of 2^(64 * `position`).
    public var position: Int

    /// The numbers added that are none.
    public var nonFinite: NonFinite

    /// Puts a state together from its parts.
    public init(words: [UInt64], position: Int, nonFinite: NonFinite) {
      self.words = words
      self.position = position
      self.nonFinite = nonFinite
    }
  }

  /// The positions that a word of a sum can have: products of the least and of the greatest
  /// `Double`, and 2^63 of those.
  static let positions = -34..<35

  /// The state, equal for equal sums whatever made them.
  public var state: State {
    guard let first = words.firstIndex(where: { $0 != 0 }) else {
      return State(words: [], position: 0, nonFinite: nonFinite)
    }
    // Of the words at the top that only repeat the sign, one stays, unless the word below shows
    // the sign as well.
    var end = words.count
    while end - first > 1, words[end - 1] == sign, words[end - 2] >> 63 == sign >> 63 { end -= 1 }
    return State(
      words: Array(words[first..<end]), position: position + first, nonFinite: nonFinite)
  }

  /// Takes up a state again; `nil` when no sum can have it.
  public init?(_ state: State) {
    guard state.words.isEmpty || ExactSum.positions.contains(state.position),
      state.words.count <= ExactSum.positions.upperBound - state.position,
      state.nonFinite.rawValue < 8
    else { return nil }
    nonFinite = state.nonFinite
    guard let last = state.words.last else { return }
    position = state.position
    words = state.words + [last >> 63 == 0 ? 0 : ~0]
  }
}

extension ExactSum: Equatable {
  /// Whether two sums are the same to the last bit.
  public static func == (left: ExactSum, right: ExactSum) -> Bool {
    left.state == right.state
  }
}

/// A finite `Double` as a whole number without trailing zero bits, times 2^`exponent`.
private struct Parts {
  let significand: UInt64
  let exponent: Int

  init(_ value: Double) {
    let field = Int(value.exponentBitPattern)
    let bits = value.significandBitPattern | (field == 0 ? 0 : 1 << 52)
    let zeros = bits.trailingZeroBitCount
    significand = bits >> zeros
    exponent = max(field, 1) - 1075 + zeros
  }
}
