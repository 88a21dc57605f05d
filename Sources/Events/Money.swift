public import Records

/// Where an event's money stands: `properties.revenue`, else `total`, else `value`, and its currency.
public struct MoneyReader: Sendable {
  private let properties: Int
  /// The keys of an amount, of which the first that has one counts, and that of the currency.
  private let keys = ["revenue", "total", "value", "currency"].map { Array($0.utf8) }
  private static let amountCount = 3

  /// A reader whose key is entered into a selection.
  public init(_ selection: inout Selection) {
    properties = selection.slot("properties")
  }

  /// The amount and the currency of an event, `nil` where it has no money.
  ///
  /// A number may stand in quotes, as many shops write it. One of more than 38 digits is none.
  public func money(
    _ fields: [Field], at base: Int, in bytes: Span<UInt8>
  ) throws(RecordError) -> Money? {
    let object = fields[base + properties]
    guard object.kind(in: bytes) == .object else { return nil }
    do {
      var values = InlineArray<4, Field>(repeating: .absent)
      try forEachMember(of: object, in: bytes) { (name, value) throws(ScanError) in
        if let place = place(of: name, in: bytes) { values[place] = value }
      }
      for place in 0..<MoneyReader.amountCount {
        guard let amount = amount(values[place], in: bytes) else { continue }
        let code = values[MoneyReader.amountCount]
        let isText = code.kind(in: bytes) == .string
        return Money(amount: amount, currency: isText ? try code.decodedString(in: bytes) : [])
      }
    } catch {
      throw RecordError(error)
    }
    return nil
  }

  /// Which of the keys a member has.
  @inline(__always)
  private func place(of name: Field, in bytes: Span<UInt8>) -> Int? {
    if name.hasEscapes {
      return keys.firstIndex(of: unescaped(bytes, from: name.start + 1, to: name.end - 1))
    }
    return keys.firstIndex { bytes.equals($0, from: name.start + 1, to: name.end - 1) }
  }

  private func amount(_ field: Field, in bytes: Span<UInt8>) -> DecimalNumber? {
    switch field.kind(in: bytes) {
    case .number: return DecimalNumber(bytes, from: field.start, to: field.end)
    case .string: return decimalText(bytes, from: field.start + 1, to: field.end - 1)
    default: return nil
    }
  }
}

/// An amount of money in one currency.
public struct Money: Equatable, Sendable {
  /// The amount, negative for a refund.
  public let amount: DecimalNumber
  /// The currency as it stands in the event, empty where there is none.
  public let currency: [UInt8]
}
