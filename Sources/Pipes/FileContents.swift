public import Expressions
public import Records

/// The content of a small file: rules, mappings, a model.
public func fileContents(_ path: String) throws(Failure) -> [UInt8] {
  let descriptor = try System.openInput(path)
  defer { _ = System.close(descriptor) }
  return try contents(of: descriptor, named: path)
}

/// Whether everybody on the machine may read or change a regular file: no place for a secret.
///
/// A pipe, `<(pass show key)`, is nobody else's.
public func isOpenToAll(_ path: String) -> Bool { System.isOpenToAll(path) }

/// All that an open file holds.
func contents(of descriptor: Int32, named path: String) throws(Failure) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    switch System.read(descriptor, into: &chunk, from: 0, to: chunk.count) {
    case .bytes(let count): bytes.append(chunk.span, from: 0, to: count)
    case .end: return bytes
    case .interrupted, .wouldBlock: continue
    case .failure(let number):
      throw Failure(.inputOutput, "cannot read '\(path)': \(System.errorText(number))")
    }
  }
}

/// The rules of a time zone by its name: `UTC`, `+02:00`, or one of the IANA database's.
///
/// They come from the zone files of the system; `TZ` and the zone of the machine play no part.
public func timeZone(named name: String) throws(Failure) -> TimeZoneRules {
  if let fixed = TimeZoneRules(fixed: name) { return fixed }
  let isSafe = name.utf8.allSatisfy { byte in
    ASCII.isDigit(byte) || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
      || "/_-+".utf8.contains(byte)
  }
  if isSafe, !name.isEmpty, !name.hasPrefix("/") {
    for folder in ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"] {
      guard let bytes = try? fileContents("\(folder)/\(name)") else { continue }
      if let rules = TimeZoneRules(file: bytes) { return rules }
    }
  }
  throw .usage(
    "no time zone '\(name)': use a name like Europe/Berlin (from the system's zone files, package"
      + " tzdata), UTC, or an offset like +02:00")
}

extension TimeZones {
  /// The zones that the zone files of the system know.
  public static let system = TimeZones { name in try? timeZone(named: name) }
}
