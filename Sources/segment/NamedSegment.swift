import Records

/// The name of a segment, of a rule's or of a built-in one.
struct NamedSegment: Sendable {
  let name: String
  /// The name as a JSON string.
  let json: [UInt8]

  init(_ name: String) {
    self.name = name
    var json: [UInt8] = []
    json.append(jsonString: name)
    self.json = json
  }
}
