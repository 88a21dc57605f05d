import Records
import TestSupport
import Testing

@Suite("Keys below the top level, searched once for all")
struct NestedSelectionTests {
  /// A value of a random shape; some are no JSON inside.
  static func value(_ depth: Int, _ random: inout Randomness) -> String {
    switch random.number(0...(depth > 2 ? 6 : 11)) {
    case 0: return random.one(of: ["null", "true", "false", "-1.5e3", "0", "7.25"])
    case 1: return #""""#
    case 2: return #""a } \" \\ { é""#
    case 3: return #""plain text that is longer than sixteen bytes""#
    case 4: return "[1,[2,\"]\"],{\"a\":3}]"
    case 5: return random.happens(20) ? random.one(of: ["tru", "{\"a\" 1}", "\"\\x\""]) : "{}"
    case 6: return "{}"
    default: return object(depth + 1, &random)
    }
  }

  static func object(_ depth: Int, _ random: inout Randomness) -> String {
    let blank = random.happens(10) ? " " : ""
    let keys = ["a", "b", "c", "longer than eight", "longer than nine!", #"\u0061"#, "é"]
    let members = (0..<random.number(0...4)).map { _ in
      "\"\(random.one(of: keys))\"\(blank):\(blank)\(value(depth, &random))"
    }
    return "{\(blank)\(members.joined(separator: blank + "," + blank))\(blank)}"
  }

  /// The state and value that a path has when each object on the way is searched by itself.
  static func expected(
    _ keys: [[UInt8]], of top: Field, in bytes: Span<UInt8>
  ) -> (NestedRow.State, Field) {
    var field = top
    for key in keys {
      switch field.kind(in: bytes) {
      case .absent, .null: return (.missing, .absent)
      case .object: break
      default: return (.broken, .absent)
      }
      guard let found = try? member(key, of: field, in: bytes) else { return (.broken, .absent) }
      field = found
    }
    return (.searched, field)
  }

  @Test("every key is found as if each object were searched by itself, in any order of asking")
  func sameAsMembers() {
    var random = Randomness(seed: 7)
    let paths = [
      ["a"], ["b"], ["longer than eight"], ["a", "a"], ["a", "b"], ["a", "b", "c"], ["b", "é"],
      ["a", "b", "longer than nine!"], ["c", "a", "a", "a"],
    ].map { $0.map { Array($0.utf8) } }
    var selection = NestedSelection()
    let places = paths.map { path in
      var object = selection.object(slot: 0)!
      for key in path.dropLast() {
        let place = selection.place(of: key, in: object)!
        object = selection.object(place: place)!
      }
      return (object: object, place: selection.place(of: path.last!, in: object)!)
    }
    var row = NestedRow()
    for _ in 0..<20_000 {
      let text = Array(Self.value(0, &random).utf8)
      let block = text + [ASCII.newline] + [UInt8](repeating: 0, count: Scanner.paddingBytes)
      let top = Field(start: 0, end: text.count)
      row.clear()
      for index in paths.indices.shuffled(using: &random) {
        let state = selection.search(places[index].object, [top], at: 0, in: block.span, &row)
        let (wantedState, wanted) = Self.expected(paths[index], of: top, in: block.span)
        #expect(state == wantedState, "\(String(decoding: text, as: UTF8.self)) \(index)")
        if state == .searched, wantedState == .searched {
          let found = row[places[index].place]
          #expect(found == wanted, "\(String(decoding: text, as: UTF8.self)) \(index)")
        }
      }
    }
  }

  @Test("more keys than there is room for are refused")
  func limits() {
    var selection = NestedSelection()
    let object = selection.object(slot: 0)!
    let places = (0..<40).map { selection.place(of: Array("k\($0)".utf8), in: object) }
    #expect(places.compactMap(\.self) == Array(0..<32))
    let known = selection.place(of: Array("k7".utf8), in: object)
    #expect(known == 7)
    let objects = (1..<40).map { selection.object(slot: $0) }
    #expect(objects.compactMap(\.self) == Array(1..<32))
  }
}
