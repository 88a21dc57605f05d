public import Records

extension Value {
  /// The exact number that the value is; `nil` for what is none, and past 38 digits.
  public var decimal: DecimalNumber? { Number.decimal(self) }
}
