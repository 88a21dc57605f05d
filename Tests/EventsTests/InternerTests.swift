import Events
import Records
import TestSupport
import Testing

/// Byte strings as dense numbers.
@Suite("Interner") struct InternerTests {
  /// Interns keys and checks each answer against a dictionary.
  private static func check(_ keys: [[UInt8]], _ interner: inout Interner) {
    var expected: [[UInt8]: UInt32] = [:]
    for key in keys {
      let next = UInt32(expected.count)
      let number = expected[key, default: next]
      expected[key] = number
      let found = interner.intern(key)
      if found != number {
        Issue.record("\(key) is \(found), not \(number)")
        return
      }
    }
    #expect(interner.count == expected.count)
    for (key, number) in expected where interner.key(number) != key {
      Issue.record("\(number) is \(interner.key(number)), not \(key)")
    }
  }

  @Test("keys of every length around the edges of words are told apart")
  func lengths() {
    var keys: [[UInt8]] = []
    for length in 0...40 {
      let zeros = [UInt8](repeating: 0, count: length)
      keys += [zeros, [UInt8](repeating: 0xFF, count: length)]
      for place in 0..<length {
        var key = zeros
        key[place] = 1
        keys.append(key)
      }
    }
    var interner = Interner(seed: 1)
    Self.check(keys + keys.reversed(), &interner)
  }

  @Test("a key is read where it stands, whatever surrounds it")
  func surroundings() {
    var interner = Interner(seed: 2)
    for length in 0...20 {
      let key = (0..<length).map { UInt8($0 + 65) }
      let number = interner.intern(key)
      for before in 0...9 {
        let bytes =
          [UInt8](repeating: 0xAA, count: before) + key + [UInt8](repeating: 0xBB, count: 16)
        let hash = interner.hash(bytes.span, from: before, to: before + length)
        let found = interner.intern(bytes.span, from: before, to: before + length, hash: hash)
        #expect(found == number)
      }
    }
  }

  @Test("keys whose hashes are all the same are told apart")
  func collisions() {
    for hash in [UInt64(0), 1023, .max, 0x1234_5678_0000_03FF] {
      var interner = Interner(seed: 3)
      for round in 0..<2 {
        // Below the number from which on the table grows and hashes again.
        for index in 0..<700 {
          let key = Array("key \(index)".utf8) + [UInt8](repeating: 0, count: 8)
          let number = interner.intern(key.span, from: 0, to: key.count - 8, hash: hash)
          if number != index {
            Issue.record("round \(round): key \(index) is \(number)")
            return
          }
        }
      }
    }
  }

  @Test(
    "a hundred thousand keys keep their numbers while the table grows", arguments: [0, 7, .max])
  func growth(_ seed: UInt64) {
    var randomness = Randomness(seed: seed)
    let keys = (0..<100_000).map { index in
      Array("user-\(randomness.happens(30) ? randomness.number(0...99_999) : index)".utf8)
    }
    var interner = Interner(seed: seed)
    Self.check(keys + keys.prefix(1000), &interner)
  }

  @Test("a hash depends on every byte, the length and the seed")
  func hashes() {
    var seen: Set<UInt64> = []
    var count = 0
    for length in 0...24 {
      for place in -1..<length {
        var key = [UInt8](repeating: 0x61, count: length + 8)
        if place >= 0 { key[place] ^= 1 }
        for seed in [UInt64(0), 0x9E37_79B9_7F4A_7C15, fingerprintSeed] {
          seen.insert(byteHash(key.span, from: 0, to: length, seed: seed))
          count += 1
        }
      }
    }
    #expect(seen.count == count)
  }

  @Test("fingerprints never change from one version to the next")
  func golden() {
    let text = Array("Order Completed".utf8) + [UInt8](repeating: 0, count: 8)
    let hashes = [0, 7, 8, 15].map { byteHash(text.span, from: 0, to: $0, seed: fingerprintSeed) }
    #expect(hashes.map { String($0, radix: 16) } == Self.goldenHashes)
  }

  static let goldenHashes = [
    "f0557c201c0aa20f", "6507d5da25394381", "a8715a5b1ca1a410", "a6c2f63f7473e5d",
  ]
}
