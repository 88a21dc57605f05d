/// The keys below the top level that somebody wants of every record: an object is searched once for
/// all of its keys, and only where one of them is asked for.
///
///     context ── object 0:  page → place 0
///                             └─── object 1:  path → place 1
///     properties object 2:  plan → place 2,  revenue → place 3
///
/// Cost: one pass over each object that is asked for.
public struct NestedSelection: Sendable {
  /// The most keys, and the most objects that they lie in: what a ``NestedRow`` has room for.
  static let placesMax = 32
  static let objectsMax = 32

  /// Where an object stands: in a slot of the top level, or at a place in another object.
  private struct Object: Sendable, BitwiseCopyable {
    let slot: Int
    let place: Int
    /// The place of the first of its keys, the others are linked to it; -1 ends the chain.
    var firstKey = -1
    /// What is known of it and of the objects in it, as ``NestedRow`` marks that.
    var marks = NestedRow.Marks()
  }

  /// A wanted key; its number is its place.
  private struct Key: Sendable, BitwiseCopyable {
    /// Its first eight bytes, and which of them count.
    let word: UInt64
    let mask: UInt64
    /// Where all of them stand in ``names``.
    let start: Int
    let count: Int
    let object: Int
    /// The next key of the object.
    let next: Int
    /// The object that is its value, -1 where nothing in it is wanted.
    var inner = -1
  }

  private var objects: [Object] = []
  private var keys: [Key] = []
  /// The names one behind the other, with padding that words may be read from.
  private var names = [UInt8](repeating: 0, count: 8)

  /// No keys.
  public init() {}

  /// The object in a slot of the top level; `nil` where there are too many.
  public mutating func object(slot: Int) -> Int? { number(of: Object(slot: slot, place: -1)) }

  /// The object at a place in another object; `nil` where there are too many.
  public mutating func object(place: Int) -> Int? { number(of: Object(slot: -1, place: place)) }

  private mutating func number(of object: Object) -> Int? {
    let known = objects.firstIndex { $0.slot == object.slot && $0.place == object.place }
    if let known { return known }
    guard objects.count < NestedSelection.objectsMax else { return nil }
    objects.append(object)
    if object.place >= 0 { keys[object.place].inner = objects.count - 1 }
    var around: Int? = objects.count - 1
    while let object = around {
      objects[object].marks.states |= 3 << UInt64((objects.count - 1) * 2)
      around = self.object(around: object)
    }
    return objects.count - 1
  }

  private func object(around object: Int) -> Int? {
    let place = objects[object].place
    return place < 0 ? nil : keys[place].object
  }

  /// The place of a key of an object, a new one when nobody asked for it before; `nil` where there
  /// are too many.
  public mutating func place(of name: [UInt8], in object: Int) -> Int? {
    var place = objects[object].firstKey
    while place >= 0 {
      if Array(names[keys[place].start..<keys[place].start + keys[place].count]) == name {
        return place
      }
      place = keys[place].next
    }
    guard keys.count < NestedSelection.placesMax else { return nil }
    let start = names.count - 8
    names.insert(contentsOf: name, at: start)
    let mask: UInt64 = name.count >= 8 ? .max : (1 << UInt64(name.count * 8)) &- 1
    let key = Key(
      word: names.span.word(at: start) & mask, mask: mask, start: start, count: name.count,
      object: object, next: objects[object].firstKey)
    keys.append(key)
    objects[object].firstKey = keys.count - 1
    var around: Int? = object
    while let object = around {
      objects[object].marks.places |= 1 << UInt32(keys.count - 1)
      around = self.object(around: object)
    }
    return keys.count - 1
  }

  /// Searches an object, where that has not been done for the record.
  ///
  /// Complexity: linear in the object the first time, then constant.
  public func search(
    _ object: Int, _ fields: [Field], at base: Int, in bytes: Span<UInt8>, _ row: inout NestedRow
  ) -> NestedRow.State {
    let known = row.state(of: object)
    return known == .unsearched ? searchFirst(object, fields, at: base, in: bytes, &row) : known
  }

  private func searchFirst(
    _ object: Int, _ fields: [Field], at base: Int, in bytes: Span<UInt8>, _ row: inout NestedRow
  ) -> NestedRow.State {
    let place = objects[object].place
    var state = NestedRow.State.searched
    var field = Field.absent
    if place < 0 {
      field = fields[base + objects[object].slot]
    } else {
      state = search(keys[place].object, fields, at: base, in: bytes, &row)
      // The search of the object around it went through this one too.
      if state == .searched, case let known = row.state(of: object), known != .unsearched {
        return known
      }
      if state == .searched { field = row[place] }
    }
    if state == .searched {
      switch field.kind(in: bytes) {
      case .absent, .null: state = .missing
      // Half of all objects are empty.
      case .object where bytes[field.start + 1] == ASCII.closeBrace: break
      case .object:
        do { _ = try findKeys(of: object, from: field.start, in: bytes, &row) } catch {
          // What was found in it before the fault does not count.
          row.forget(objects[object].marks)
          state = .broken
        }
      default: state = .broken
      }
    }
    row.note(state, of: object)
    return state
  }

  /// Notes where the values of an object's keys stand, of equal keys the last one's, and finds the
  /// end of the object.
  ///
  /// It calls itself for objects that something is wanted of, which are as deep as the wanted keys.
  private func findKeys(
    of object: Int, from start: Int, in bytes: Span<UInt8>, _ row: inout NestedRow
  ) throws(ScanError) -> Int {
    let first = objects[object].firstKey
    var offset = start + 1
    if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    if bytes[offset] == ASCII.closeBrace { return offset + 1 }
    while true {
      guard bytes[offset] == ASCII.quote else { throw ScanError(.expectedKey, at: offset) }
      let name = try stringEnd(bytes, from: offset + 1)
      let place =
        name.hasEscapes || name.hasNonASCII
        ? try self.place(ofUnusual: validatedString(bytes, from: offset), first, bytes)
        : self.place(from: offset + 1, to: name.offset - 1, first, bytes)
      offset = name.offset
      if bytes[offset] != ASCII.colon { offset = skipBlanks(bytes, from: offset) }
      guard bytes[offset] == ASCII.colon else { throw ScanError(.expectedColon, at: offset) }
      offset += 1
      if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
      if bytes[offset] == ASCII.quote {
        let end = try stringEnd(bytes, from: offset + 1)
        if place >= 0 {
          let inner = keys[place].inner
          if inner >= 0 { row.forget(objects[inner].marks) }
          row.note(
            Field(
              start: offset, end: end.offset, hasEscapes: end.hasEscapes,
              hasNonASCII: end.hasNonASCII), at: place)
        }
        offset = end.offset
      } else {
        offset = try value(at: place, from: offset, in: bytes, &row)
      }
      if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
      if bytes[offset] == ASCII.closeBrace { return offset + 1 }
      guard bytes[offset] == ASCII.comma else { throw ScanError(.expectedCommaOrEnd, at: offset) }
      offset += 1
      if bytes[offset] <= ASCII.space { offset = skipBlanks(bytes, from: offset) }
    }
  }

  /// Notes a value that is no string and finds its end; looks into an object on the way.
  private func value(
    at place: Int, from start: Int, in bytes: Span<UInt8>, _ row: inout NestedRow
  ) throws(ScanError) -> Int {
    guard place >= 0 else { return try nestedValue(bytes, from: start).end }
    let inner = keys[place].inner
    // What an earlier member of the same key held does not count.
    if inner >= 0 { row.forget(objects[inner].marks) }
    if inner >= 0, bytes[start] == ASCII.openBrace {
      // What is wrong inside is of no concern to who asks for what is around it.
      if let end = try? findKeys(of: inner, from: start, in: bytes, &row) {
        row.note(.searched, of: inner)
        row.note(Field(start: start, end: end), at: place)
        return end
      }
      row.forget(objects[inner].marks)
      row.note(.broken, of: inner)
    }
    let value = try nestedValue(bytes, from: start)
    row.note(value, at: place)
    return value.end
  }

  /// The place of the key with a name, among those from one on; -1 where it is not wanted.
  @inline(__always)
  private func place(from start: Int, to end: Int, _ first: Int, _ bytes: Span<UInt8>) -> Int {
    let word = bytes.word(at: start)
    var place = first
    while place >= 0 {
      if keys[place].count == end - start, word & keys[place].mask == keys[place].word {
        let rest = keys[place].start + 8
        if end - start <= 8
          || bytes.equals(
            names.span, from: rest, to: rest + end - start - 8, at: start + 8)
        {
          return place
        }
      }
      place = keys[place].next
    }
    return -1
  }

  /// The same for a name with escapes or beyond ASCII.
  private func place(ofUnusual name: Field, _ first: Int, _ bytes: Span<UInt8>) -> Int {
    var decoded = unescaped(bytes, from: name.start + 1, to: name.end - 1)
    let count = decoded.count
    decoded.append(contentsOf: repeatElement(0, count: 8))
    return place(from: 0, to: count, first, decoded.span)
  }
}

extension Span where Element == UInt8 {
  /// Whether the bytes of another span from `start` up to `end` stand at an offset.
  fileprivate func equals(
    _ other: Span<UInt8>, from start: Int, to end: Int, at offset: Int
  ) -> Bool {
    for index in 0..<end - start where self[offset + index] != other[start + index] {
      return false
    }
    return true
  }
}

/// What a ``NestedSelection`` has found in one record so far.
public struct NestedRow: Sendable {
  /// What is known of an object.
  public enum State: UInt8, Sendable {
    /// Nobody has asked for it.
    case unsearched
    /// It is there; its keys that are there too have been found.
    case searched
    /// It is not there, or null.
    case missing
    /// It is no object, or not valid, or lies in such a one.
    case broken
  }

  /// Bits that stand for objects and places.
  struct Marks: Sendable, BitwiseCopyable {
    /// Two bits an object: its state.
    var states: UInt64 = 0
    /// One bit a place: whether a value was found there.
    var places: UInt32 = 0
  }

  private var marks = Marks()
  private var fields = InlineArray<32, Field>(repeating: .absent)

  /// Nothing.
  public init() {}

  /// Nothing again, for another record.
  public mutating func clear() { marks = Marks() }

  /// The value at a place of an object that was searched, absent where it has none.
  public subscript(place: Int) -> Field {
    mutating get { marks.places >> UInt32(place) & 1 == 1 ? fields[place] : .absent }
  }

  @inline(__always)
  fileprivate mutating func state(of object: Int) -> State {
    let bits = marks.states >> UInt64(object * 2) & 3
    return State(rawValue: UInt8(truncatingIfNeeded: bits)) ?? .unsearched
  }

  @inline(__always)
  fileprivate mutating func note(_ state: State, of object: Int) {
    marks.states |= UInt64(state.rawValue) << UInt64(object * 2)
  }

  @inline(__always)
  fileprivate mutating func note(_ field: Field, at place: Int) {
    marks.places |= 1 << UInt32(place)
    fields[place] = field
  }

  @inline(__always)
  fileprivate mutating func forget(_ other: Marks) {
    marks.states &= ~other.states
    marks.places &= ~other.places
  }
}
