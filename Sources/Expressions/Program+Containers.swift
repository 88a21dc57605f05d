internal import Records

extension Program {
  /// Whether a list has an element, or a map a key.
  func contains(
    _ container: Value, _ element: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Bool {
    if let elements = try listElements(of: container, bytes, &frame) {
      for candidate in elements where try isEqual(candidate, element, bytes, &frame) {
        return true
      }
      return false
    }
    guard let entries = try mapEntries(of: container, bytes, &frame) else { throw .noSuchOverload }
    return try find(element, in: entries, bytes, &frame) != nil
  }

  /// The element of a list at an index, or of a map at a key.
  func element(
    of container: Value, at place: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    if let elements = try listElements(of: container, bytes, &frame) {
      guard Number.isNumber(place) else { throw .noSuchIndex }
      guard let number = Number.decimal(place), number.exponent >= 0,
        let index = number.scaled(by: 0), index >= 0, index < Int128(elements.count)
      else { throw .noSuchIndex }
      return elements[Int(index)]
    }
    guard let entries = try mapEntries(of: container, bytes, &frame) else {
      if case .null = container { throw .noSuchKey }
      throw .noSuchOverload
    }
    guard let value = try find(place, in: entries, bytes, &frame) else { throw .noSuchKey }
    return value
  }

  /// The elements of a list or an array, `nil` for any other value.
  func listElements(
    of value: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> [Value]? {
    if case .list(let elements) = value { return elements }
    guard case .json(let field) = value, field.kind(in: bytes) == .array else { return nil }
    try frame.spend(1 + field.count >> 4)
    var places: [Field] = []
    do {
      try forEachElement(of: field, in: bytes) { (element) throws(ScanError) in
        places.append(element)
      }
    } catch {
      throw .invalidRecord
    }
    var elements: [Value] = []
    elements.reserveCapacity(places.count)
    for place in places { elements.append(try self.value(of: place, bytes)) }
    return elements
  }

  /// The entries of a map or an object, `nil` for any other value; the last of equal keys counts.
  func mapEntries(
    of value: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> [MapEntry]? {
    if case .map(let entries) = value { return entries }
    guard case .json(let field) = value, field.kind(in: bytes) == .object else { return nil }
    try frame.spend(1 + field.count >> 4)
    var names: [Field] = []
    var places: [Field] = []
    do {
      try forEachMember(of: field, in: bytes) { (name, place) throws(ScanError) in
        names.append(name)
        places.append(place)
      }
    } catch {
      throw .invalidRecord
    }
    var entries: [MapEntry] = []
    var positions: [[UInt8]: Int] = [:]
    for index in names.indices {
      let key = unescaped(bytes, from: names[index].start + 1, to: names[index].end - 1)
      let entry = MapEntry(key: .text(key), value: try self.value(of: places[index], bytes))
      if let position = positions[key] {
        entries[position] = entry
      } else {
        positions[key] = entries.count
        entries.append(entry)
      }
    }
    return entries
  }

  /// What a macro loops over: elements of a list, keys of a map.
  func loopElements(
    of value: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> [Value]? {
    if let elements = try listElements(of: value, bytes, &frame) { return elements }
    return try mapEntries(of: value, bytes, &frame)?.map(\.key)
  }

  /// A copy that needs the record no longer.
  ///
  /// What stands in a value many times is copied as often, so each copy is a step.
  func owned(
    _ value: Value, _ bytes: Span<UInt8>, _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    switch value {
    case .text(let text), .bytes(let text):
      try frame.spend(text.count >> 6)
      return value
    case .json(let field) where field.kind(in: bytes) == .string:
      return .text(bytes.copy(from: field.start + 1, to: field.end - 1))
    case .list, .json:
      if let elements = try listElements(of: value, bytes, &frame) {
        var copies: [Value] = []
        try frame.spend(elements.count)
        for element in elements { copies.append(try owned(element, bytes, &frame)) }
        return .list(copies)
      }
      guard let entries = try mapEntries(of: value, bytes, &frame) else { throw .invalidRecord }
      return try owned(.map(entries), bytes, &frame)
    case .map(let entries):
      var copies: [MapEntry] = []
      try frame.spend(entries.count)
      for entry in entries {
        copies.append(MapEntry(key: entry.key, value: try owned(entry.value, bytes, &frame)))
      }
      return .map(copies)
    default:
      return value
    }
  }

  /// Whether a value is a string.
  func isText(_ value: Value, _ bytes: Span<UInt8>) -> Bool {
    switch value {
    case .text: true
    case .json(let field): field.kind(in: bytes) == .string
    default: false
    }
  }

  /// Hands the bytes of two strings to a closure, wherever they lie, without a copy.
  func withTexts<Result>(
    _ left: Value, _ right: Value, _ bytes: Span<UInt8>,
    _ body: (Span<UInt8>, Int, Int, Span<UInt8>, Int, Int) -> Result
  ) throws(EvaluationError) -> Result {
    guard isText(left, bytes), isText(right, bytes) else { throw .noSuchOverload }
    switch (left, right) {
    case (.text(let left), .text(let right)):
      return body(left.span, 0, left.count, right.span, 0, right.count)
    case (.text(let left), .json(let right)):
      return body(left.span, 0, left.count, bytes, right.start + 1, right.end - 1)
    case (.json(let left), .text(let right)):
      return body(bytes, left.start + 1, left.end - 1, right.span, 0, right.count)
    case (.json(let left), .json(let right)):
      return body(bytes, left.start + 1, left.end - 1, bytes, right.start + 1, right.end - 1)
    default:
      throw .noSuchOverload
    }
  }
}
