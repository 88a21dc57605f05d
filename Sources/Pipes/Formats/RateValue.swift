import Records

/// A rate of the record contract, a share with its interval of 95 %; or what has another unit in its
/// place.
///
///     {"numerator":12,"denominator":97,"value":0.1237,"low":0.0723,"high":0.204}
///     {"numerator":30,"denominator":100,"value":30,"low":14.05,"high":44.2,"unit":"points"}
struct RateValue {
  /// The share, or `nil` for nothing over nothing.
  private(set) var value: Double?
  private var low: Double?
  private var high: Double?
  /// What it is measured in; `nil` for a share.
  private var unit: MeasuredUnit?
  /// Whether fewer than 5 are in the numerator or fewer than 5 outside it.
  private(set) var isSmall = false
  /// Whether time may still change it.
  private(set) var isOpen = false

  /// The rate that an object is, or `nil` where it is something else.
  init?(_ object: Field, in source: Span<UInt8>) {
    var required = 0
    var others = 0
    var rate = (
      value: Double?.none, low: Double?.none, high: Double?.none, isSmall: false, isOpen: false
    )
    let isWhole: Void? = try? forEachMember(of: object, in: source) { key, field in
      switch true {
      case source.equals(Key.numerator, from: key.start + 1, to: key.end - 1),
        source.equals(Key.denominator, from: key.start + 1, to: key.end - 1):
        required += 1
      case source.equals(Key.value, from: key.start + 1, to: key.end - 1):
        required += 1
        rate.value = field.double(in: source)
      case source.equals(Key.low, from: key.start + 1, to: key.end - 1):
        rate.low = field.double(in: source)
      case source.equals(Key.high, from: key.start + 1, to: key.end - 1):
        rate.high = field.double(in: source)
      case source.equals(Key.small, from: key.start + 1, to: key.end - 1):
        rate.isSmall = field.kind(in: source) == .true
      case source.equals(Key.complete, from: key.start + 1, to: key.end - 1):
        rate.isOpen = field.kind(in: source) == .false
      case source.equals(Key.unit, from: key.start + 1, to: key.end - 1):
        unit = MeasuredUnit(field, in: source)
      default: others += 1
      }
    }
    guard isWhole != nil, required == 3, others == 0 else { return nil }
    (value, low, high, isSmall, isOpen) = rate
  }

  /// The share, for a bar; 0 for what is none.
  var share: Double { unit == nil ? value ?? 0 : 0 }

  /// Adds the rate as people read it and tells where its percent sign ends.
  ///
  ///     12.3 % (11.2–13.4)      0.04 % (0.01–0.09)*      -2.5 % (-4.1 to -0.9)
  func append(to text: inout [UInt8]) -> Int {
    guard let value else {
      text.append("–")
      return text.count
    }
    if let unit {
      unit.append(value, to: &text)
      let anchor = text.count
      unit.append(low: low, high: high, to: &text)
      if isSmall { text.append("*") }
      return anchor
    }
    let size = abs(value)
    let decimals = size == 0 || size >= 0.01 ? 1 : size >= 0.001 ? 2 : 3
    text.append(value * 100, decimals: decimals)
    text.append(" %")
    let anchor = text.count
    if let low, let high {
      text.append(" (")
      text.append(low * 100, decimals: decimals)
      text.append(low < 0 ? " to " : "–")
      text.append(high * 100, decimals: decimals)
      text.append(")")
    }
    if isSmall { text.append("*") }
    return anchor
  }

  /// Adds the rate as one cell of a heat table: whole percent, `*` where it is small, a shade.
  ///
  ///     45 ▓      8*░      0*·      61 …
  func appendHeat(to text: inout [UInt8]) {
    guard let value else { return text.append("–") }
    let percent = value * 100
    if percent > 0, percent < 0.5 {
      text.append("<1")
    } else {
      text.append(percent, decimals: 0)
    }
    text.append(isSmall ? "*" : " ")
    let shade =
      switch value {
      case _ where isOpen: "…"
      case ..<0: " "
      case 0: "·"
      case ..<0.1: "░"
      case ..<0.25: "▒"
      case ..<0.5: "▓"
      default: "█"
      }
    text.append(shade)
  }

  /// What the shades mean.
  static let heatFootnote =
    "percent: ░ under 10, ▒ under 25, ▓ under 50, █ from 50 on; … the period is not over"

  /// What the mark of a small rate means.
  static let footnote = "* small: fewer than 5 in or outside it"

  private enum Key {
    static let numerator = Array("numerator".utf8)
    static let denominator = Array("denominator".utf8)
    static let value = Array("value".utf8)
    static let low = Array("low".utf8)
    static let high = Array("high".utf8)
    static let small = Array("small".utf8)
    static let complete = Array("complete".utf8)
    static let unit = Array("unit".utf8)
  }
}

extension Field {
  /// Whether it is an object of rates, some of which may be null: a row of a heat table.
  func isRateSeries(in source: Span<UInt8>) -> Bool {
    var rates = 0
    var others = 0
    let isWhole: Void? = try? forEachMember(of: self, in: source) { _, value in
      switch value.kind(in: source) {
      case .null: break
      case .object where RateValue(value, in: source) != nil: rates += 1
      default: others += 1
      }
    }
    return isWhole != nil && rates > 0 && others == 0
  }

  /// The number that stands there, or `nil` for anything else.
  func double(in source: Span<UInt8>) -> Double? {
    guard kind(in: source) == .number else { return nil }
    if let exact = DecimalNumber(source, from: start, to: end) { return exact.double }
    return Double(source.text(from: start, to: end))
  }
}
