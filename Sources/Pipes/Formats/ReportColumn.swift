import Records

/// A column of a table of reports: a key, and what kinds of value stand under it.
struct ReportColumn {
  /// The key, decoded.
  let name: [UInt8]
  /// The name as words, for people.
  let heading: [UInt8]
  /// Whether its numbers are seconds.
  let isDuration: Bool
  /// The column of the object that the key stands in; 0 is that of the record itself.
  let parent: Int
  /// Whether its rates are cells of a heat table.
  let isHeat: Bool
  /// Whether its values may be changes, drawn with arrows.
  let isChange: Bool
  /// The columns of the keys of its objects, in order of first appearance.
  var children: [Int] = []
  /// Whether some value is a rate.
  private(set) var hasRate = false
  /// Whether some value is a text, a list or an object that is no rate.
  private(set) var hasText = false
  /// Whether some value is an object or array, but no rate.
  private(set) var isComposite = false
  /// Whether some value is a number.
  private(set) var hasNumber = false
  /// Whether some value is a change.
  private(set) var hasChange = false
  /// Whether some value is `true`.
  private(set) var hasMark = false
  /// Whether some value is `false`.
  private(set) var hasFalse = false

  init(_ name: [UInt8], parent: Int, isHeat: Bool = false) {
    self.name = name
    self.parent = parent
    self.isHeat = isHeat
    isDuration = Pipes.isDuration(key: name)
    isChange = name.elementsEqual("change".utf8)
    var words: [UInt8] = []
    words.append(wordsOf: name)
    heading = words
  }

  /// Notes what kind of value stands under the key.
  mutating func note(_ field: Field, in source: Span<UInt8>) {
    switch field.kind(in: source) {
    case .absent, .null: return
    case .true: hasMark = true
    case .false: hasFalse = true
    case .number: hasNumber = true
    case .string: hasText = true
    case .array: (hasText, isComposite) = (true, true)
    case .object where isHeat: hasNumber = true
    case .object where isChange && ChangeValue(field, in: source) != nil:
      (hasNumber, hasChange) = (true, true)
    case .object:
      if RateValue(field, in: source) != nil {
        hasRate = true
      } else {
        (hasText, isComposite) = (true, true)
      }
    }
  }

  /// Whether there is anything to show to people.
  var isShown: Bool { hasRate || hasText || hasNumber || hasMark }
  /// Whether some row has a value that is not null.
  var hasValue: Bool { isShown || hasFalse }
  /// Whether its cells are aligned at the right.
  var isNumeric: Bool { !hasText && !hasMark && (hasNumber || hasRate) }
  /// Whether it holds nothing but marks.
  var isMark: Bool { hasMark && !hasText && !hasNumber && !hasRate }
}
