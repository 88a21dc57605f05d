import Pipes
import Records

/// What is taken out of events or hashed before anything else is done with them: `--hash-ids`,
/// `--drop`.
///
///     --drop traits.address --hash-ids KEYFILE
///     {"userId":"u1","traits":{"email":"ada@example.com","address":{…},"plan":"pro"}}
///       ↓ a tree of the paths goes down beside the object
///     {"userId":"4b1f…","traits":{"email":"9f1c…","plan":"pro"}}
///
/// A path goes through lists: each element is looked into. Of a value that is to be hashed every text and
/// every number in it is; an empty text, `null` and truth values stay. Keys are compared decoded.
/// Reports of earlier stages, and the rejected lines of `--rejects`, stay as they came.
struct Redaction {
  /// Where ids, e-mail addresses, phone numbers and addresses of the network are in a message of the
  /// Segment spec.
  static let hashedPaths =
    ["userId", "anonymousId", "previousId", "context.ip"]
    + ["id", "advertisingId", "token"].map { "context.device.\($0)" }
    + ["properties", "traits", "context.traits"].flatMap { ["\($0).email", "\($0).phone"] }

  private enum Action {
    case none
    case hash
    case drop
  }

  /// A place on the paths: what is done there, and the places below by their keys.
  private struct Place {
    var action = Action.none
    var inner: [(key: [UInt8], place: Int)] = []
  }

  private var hash: KeyedHash?
  /// What people should know of the key file.
  var warning: String?
  private let hashed: [[[UInt8]]]
  private let dropped: [[[UInt8]]]
  private var places = [Place()]
  private var decoded: [UInt8] = []

  /// What the options ask for, `nil` where that is nothing.
  init?(_ arguments: Arguments) throws(Failure) {
    let keyFile = arguments.value("hash-ids")
    hash = try keyFile.map { path throws(Failure) in try KeyedHash(file: path) }
    warning = keyFile.flatMap { path in
      guard isOpenToAll(path) else { return nil }
      return "--hash-ids: everybody may read or change the key '\(path)', and so tell whose a hash"
        + " is: chmod o-rwx '\(path)'"
    }
    if hash == nil, arguments.has("hash") {
      throw .usage("--hash needs the key of --hash-ids KEYFILE")
    }
    let paths = Redaction.hashedPaths + arguments.values("hash")
    hashed =
      hash == nil
      ? []
      : try paths.map { path throws(Failure) in
        try Redaction.keys(path, of: "hash")
      }
    dropped = try arguments.values("drop").map { path throws(Failure) in
      try Redaction.keys(path, of: "drop")
    }
    for path in dropped where path == [Array("event".utf8)] || path == [Array("timestamp".utf8)] {
      throw .usage(
        "--drop \(String(decoding: path[0], as: UTF8.self)) would leave no event: each needs a name"
          + " and a time")
    }
    if hash == nil, dropped.isEmpty { return nil }
    begin(alsoHashing: [])
  }

  private static func keys(_ path: String, of option: String) throws(Failure) -> [[UInt8]] {
    let keys = MappingCompiler.keys(path)
    guard !keys.contains("") else {
      throw .usage("--\(option) takes a path like traits.address, not '\(path)'")
    }
    return keys.map { Array($0.utf8) }
  }

  /// Begins lines of a format.
  ///
  /// - Parameter paths: what its mapping says is to be hashed too.
  mutating func begin(alsoHashing paths: [[String]]) {
    places = [Place()]
    for path in hashed { insert(path, .hash) }
    if hash != nil { for path in paths { insert(path.map { Array($0.utf8) }, .hash) } }
    for path in dropped { insert(path, .drop) }
  }

  private mutating func insert(_ path: [[UInt8]], _ action: Action) {
    var place = 0
    for key in path {
      if let next = places[place].inner.first(where: { $0.key == key }) {
        place = next.place
      } else {
        places.append(Place())
        places[place].inner.append((key, places.count - 1))
        place = places.count - 1
      }
    }
    places[place].action = action
  }

  /// Writes the message between the offsets, as it is to be, on a line with padding behind it.
  mutating func rewrite(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, into output: inout [UInt8]
  ) throws(ScanError) {
    output.removeAll(keepingCapacity: true)
    var first = start
    while bytes[first] <= ASCII.space { first += 1 }
    try write(Field(start: first, end: end), at: 0, isHashed: false, bytes, &output)
    output.append(ASCII.newline)
    output.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
  }

  /// Writes a value.
  ///
  /// - Parameters:
  ///   - place: where it stands on the paths, `nil` where it stands beside them.
  ///   - isHashed: whether a path to it, or to what it stands in, is one of those to hash.
  private mutating func write(
    _ value: Field, at place: Int?, isHashed: Bool, _ bytes: Span<UInt8>,
    _ output: inout [UInt8]
  ) throws(ScanError) {
    switch value.kind(in: bytes) {
    case .object:
      var members: [(key: Field, value: Field)] = []
      try forEachMember(of: value, in: bytes) { members.append(($0, $1)) }
      output.append(ASCII.openBrace)
      let begin = output.count
      for (key, inner) in members {
        let next = place.flatMap { self.place(of: key, below: $0, bytes) }
        let action = next.map { places[$0].action } ?? .none
        if action == .drop { continue }
        if output.count > begin { output.append(ASCII.comma) }
        if next == nil, !isHashed {
          output.append(bytes, from: key.start, to: inner.end)
          continue
        }
        output.append(bytes, from: key.start, to: key.end)
        output.append(ASCII.colon)
        try write(inner, at: next, isHashed: isHashed || action == .hash, bytes, &output)
      }
      output.append(ASCII.closeBrace)
    case .array:
      var elements: [Field] = []
      try forEachElement(of: value, in: bytes) { elements.append($0) }
      output.append(ASCII.openBracket)
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(ASCII.comma) }
        try write(element, at: place, isHashed: isHashed, bytes, &output)
      }
      output.append(ASCII.closeBracket)
    case .string where isHashed && value.count > 2:
      writeHash(value.start + 1, value.end - 1, value.hasEscapes, bytes, &output)
    case .number where isHashed:
      writeHash(value.start, value.end, false, bytes, &output)
    default: output.append(bytes, from: value.start, to: value.end)
    }
  }

  private mutating func writeHash(
    _ start: Int, _ end: Int, _ hasEscapes: Bool, _ bytes: Span<UInt8>, _ output: inout [UInt8]
  ) {
    output.append(ASCII.quote)
    if hasEscapes {
      decoded = unescaped(bytes, from: start, to: end)
      let count = decoded.count
      decoded.append(contentsOf: repeatElement(0, count: 8))
      // A second reference: the span of one property may not be held while another one changes.
      let text = decoded
      hash?.append(text.span, from: 0, to: count, to: &output)
    } else {
      hash?.append(bytes, from: start, to: end, to: &output)
    }
    output.append(ASCII.quote)
  }

  private func place(of key: Field, below place: Int, _ bytes: Span<UInt8>) -> Int? {
    let inner = places[place].inner
    if inner.isEmpty { return nil }
    if key.hasEscapes {
      let name = unescaped(bytes, from: key.start + 1, to: key.end - 1)
      return inner.first { $0.key == name }?.place
    }
    return inner.first { bytes.equals($0.key, from: key.start + 1, to: key.end - 1) }?.place
  }
}
