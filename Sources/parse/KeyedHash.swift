import Events
import Pipes
import Records

/// What stands for an id, an e-mail address or the like in its place: without the key nobody can tell
/// whose it is, nor try which one it might be.
///
///     "ada@example.com"  →  "9f1c…", 32 hexadecimal digits
///
/// It is the first half of HMAC-SHA-256 of the decoded bytes, so that the same id has the same hash in
/// every field, file and run with that key: links and counts stay as they are. Sources: RFC 2104 and
/// FIPS 180-4; the half is allowed by RFC 2104, §5.
///
/// The hashes of ids that came lately are kept: a look-up costs two short hashes.
struct KeyedHash {
  /// The digits of a hash.
  static let digitCount = 32
  /// The shortest key: less could be tried through.
  static let keyBytesMin = 16
  private static let cacheCount = 4096

  private var inner = SHA256()
  private var outer = SHA256()
  private let seeds: (UInt64, UInt64)
  private var keys: [RecentTable.Key?]
  private var digits: [UInt8]

  /// The hash under the key that a file holds, a newline at its end left out.
  init(file path: String) throws(Failure) {
    var key = try fileContents(path)
    for byte in [ASCII.newline, ASCII.carriageReturn] where key.last == byte { key.removeLast() }
    guard key.count >= KeyedHash.keyBytesMin else {
      throw .usage(
        "--hash-ids: '\(path)' has \(key.count) bytes, a key needs \(KeyedHash.keyBytesMin): make one"
          + " with head -c 32 /dev/urandom | base64 > KEYFILE")
    }
    self.init(key: key)
  }

  init(key: [UInt8]) {
    var block = key.count > SHA256.blockBytes ? SHA256.hash(key) : key
    block.append(contentsOf: repeatElement(0, count: SHA256.blockBytes - block.count))
    inner.take(block: block.map { $0 ^ 0x36 }, from: 0)
    outer.take(block: block.map { $0 ^ 0x5C }, from: 0)
    var generator = SystemRandomNumberGenerator()
    seeds = (generator.next(), generator.next())
    keys = Array(repeating: nil, count: KeyedHash.cacheCount)
    digits = Array(repeating: 0, count: KeyedHash.cacheCount * KeyedHash.digitCount)
  }

  /// HMAC-SHA-256 of some bytes, all 32 of it.
  func code(_ bytes: [UInt8]) -> [UInt8] {
    outer.hash(ending: inner.hash(ending: bytes))
  }

  /// Adds the digits that stand for the bytes between the offsets; eight more must follow them.
  mutating func append(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, to output: inout [UInt8]
  ) {
    let key = RecentTable.Key(
      low: byteHash(bytes, from: start, to: end, seed: seeds.0),
      high: byteHash(bytes, from: start, to: end, seed: seeds.1))
    let place = Int(truncatingIfNeeded: key.low) & (KeyedHash.cacheCount - 1)
    let first = place * KeyedHash.digitCount
    if keys[place] != key {
      let code = code(bytes.copy(from: start, to: end))
      for index in 0..<KeyedHash.digitCount {
        let nibble = index & 1 == 0 ? code[index / 2] >> 4 : code[index / 2] & 15
        digits[first + index] =
          nibble < 10 ? ASCII.zero + nibble : UInt8(ascii: "a") + nibble - 10
      }
      keys[place] = key
    }
    output.append(digits.span, from: first, to: first + KeyedHash.digitCount)
  }
}
