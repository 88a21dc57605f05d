public import Records

/// The currencies of a stream, each with a number and its purchases.
public struct Currencies: Sendable {
  /// The number of purchases that name no amount: they count in whatever currency is reported.
  public static let none: UInt32 = 0

  private var codes = Interner(seed: fingerprintSeed)
  /// The code asked for last, and its number: most purchases of a stream are in one currency.
  private var latest: (code: [UInt8], number: UInt32)?
  /// Purchases by the currency's number.
  public private(set) var purchases: [Int] = [0]

  /// No currency yet; the first number is taken by ``none``.
  public init() { _ = codes.intern([]) }

  /// The number of a code; small letters are capital ones, and the empty code is one too.
  public mutating func number(_ code: [UInt8]) -> UInt32 {
    if let latest, latest.code == code { return latest.number }
    // A byte in front keeps the empty code apart from the entry of no amount.
    let number = codes.intern([ASCII.colon] + Currencies.capitals(code))
    if Int(number) == purchases.count { purchases.append(0) }
    latest = (code, number)
    return number
  }

  /// What stands for a currency, ``none`` too, in another run: see ``number(key:)``.
  public func key(_ number: UInt32) -> [UInt8] { codes.key(number) }

  /// The number of what ``key(_:)`` of another run gave; `nil` where it is no key.
  public mutating func number(key: [UInt8]) -> UInt32? {
    if key.isEmpty { return Currencies.none }
    return key[0] == ASCII.colon ? number(Array(key.dropFirst())) : nil
  }

  /// Counts the purchases of another run.
  public mutating func count(_ number: UInt32, times: Int) throws(StateError) {
    let (sum, overflow) = purchases[Int(number)].addingReportingOverflow(times)
    guard !overflow else { throw StateError("there are too many purchases") }
    purchases[Int(number)] = sum
  }

  /// Counts a purchase.
  public mutating func count(_ number: UInt32) { purchases[Int(number)] += 1 }

  /// The code of a currency, `nil` for the currency of amounts that name none.
  public func code(_ number: UInt32) -> [UInt8]? {
    let code = codes.key(number).dropFirst()
    return code.isEmpty ? nil : Array(code)
  }

  /// A code as text, empty for amounts that name no currency.
  public func text(_ number: UInt32) -> String {
    String(decoding: code(number) ?? [], as: UTF8.self)
  }

  /// The currencies without ``none``, the one with most purchases first, ties by code.
  public func ranked() -> [UInt32] {
    purchases.indices.dropFirst().map { UInt32($0) }.sorted { left, right in
      let (one, other) = (purchases[Int(left)], purchases[Int(right)])
      return one != other
        ? one > other : codes.key(left).lexicographicallyPrecedes(codes.key(right))
    }
  }

  /// Says how many purchases a report in one currency leaves out; `nil` for none.
  public func noticeOfOthers(than currency: UInt32) -> String? {
    let others = ranked().filter { $0 != currency }
    guard others.contains(where: { purchases[Int($0)] > 0 }) else { return nil }
    let counts = others.map { other in
      let name = text(other)
      return "\(purchases[Int(other)]) in \(name.isEmpty ? "no currency" : name)"
    }
    let reported = text(currency)
    return "money is in \(reported.isEmpty ? "no named currency" : reported); purchases left out: "
      + "\(counts.joined(separator: ", ")); --currency CODE reports another one"
  }

  /// A code in capital letters.
  public static func capitals(_ code: [UInt8]) -> [UInt8] {
    code.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 }
  }
}
