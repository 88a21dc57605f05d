import Records

/// How far a value is from the one before, with an arrow that says how sure it is.
///
///     {"value":0.021,"low":0.003,"high":0.04}        ▲ 2.1 (0.3–4.0)        in percent points
///     {"value":-30,"low":null,"high":null,"unit":"count"}      ▽ -30
struct ChangeValue {
  private var value: Double?
  private var low: Double?
  private var high: Double?
  private var unit: MeasuredUnit

  /// The change that an object is, or `nil` where it is something else.
  init?(_ object: Field, in source: Span<UInt8>) {
    var (required, others) = (0, 0)
    var numbers: (value: Double?, low: Double?, high: Double?) = (nil, nil, nil)
    var unit: MeasuredUnit?
    let isWhole: Void? = try? forEachMember(of: object, in: source) { key, field in
      let name = unescaped(source, from: key.start + 1, to: key.end - 1)
      required += 1
      switch String(decoding: name, as: UTF8.self) {
      case "value": numbers.value = field.double(in: source)
      case "low": numbers.low = field.double(in: source)
      case "high": numbers.high = field.double(in: source)
      default:
        required -= 1
        if name.elementsEqual("unit".utf8) {
          unit = MeasuredUnit(field, in: source)
        } else {
          others += 1
        }
      }
    }
    guard isWhole != nil, required == 3, others == 0 else { return nil }
    (value, low, high) = numbers
    self.unit = unit ?? .percentPoints
  }

  /// Adds the change as people read it and tells where its value ends.
  func append(to text: inout [UInt8]) -> Int {
    guard let value else {
      text.append("–")
      return text.count
    }
    text.append("\(arrow(of: value)) ")
    unit.append(value, to: &text)
    let anchor = text.count
    unit.append(low: low, high: high, to: &text)
    return anchor
  }

  private func arrow(of value: Double) -> String {
    if value == 0 { return "=" }
    let isSure = (low ?? 0) > 0 || (high ?? 0) < 0
    return value > 0 ? (isSure ? "▲" : "△") : (isSure ? "▼" : "▽")
  }

  /// What the arrows mean.
  static let footnote =
    "▲ ▼ more or less than before, with 95 % confidence; △ ▽ perhaps by chance; of shares in percent points"
}
