import Records

/// What was written behind records for the sets of segments that came last.
///
///     places  [ set, start, count ] × 1024        by the hash of the set
///     bytes   ,"segments":["a"]}⏎ ,"segments":[]}⏎ …
///
/// Most events have one of a few sets. Another set that comes to the same place takes it over, and
/// when the bytes are full all begins anew, so that the memory is bounded.
struct EndingCache: Sendable {
  private struct Place: Sendable, BitwiseCopyable {
    var key: UInt64 = 0
    var start: Int32 = 0
    /// 0 where nothing is kept.
    var count: Int32 = 0
  }

  private static let placeBits: UInt64 = 10
  private static let bytesMax = 1 << 20

  private var places = [Place](repeating: Place(), count: 1 << Int(placeBits))
  private var bytes: [UInt8] = []

  /// Adds a stretch of a record and the bytes of a set behind it.
  ///
  /// - Returns: whether they are known; else nothing is added.
  func append(
    _ record: Span<UInt8>, from start: Int, to end: Int, endingOf key: UInt64,
    into output: inout [UInt8]
  ) -> Bool {
    let place = places[index(of: key)]
    guard place.key == key, place.count > 0 else { return false }
    let (first, count) = (Int(place.start), Int(place.count))
    let room = end - start + count + OutputSpan<UInt8>.slackBytes
    // The closure is lent the span alone: with the array it would be counted as one more owner.
    let endings = bytes.span
    output.append(addingCapacity: room) { line in
      line.append(record, from: start, to: end)
      line.append(endings, from: first, to: first + count)
    }
    return true
  }

  /// Keeps the bytes of a set.
  mutating func keep(_ ending: ArraySlice<UInt8>, of key: UInt64) {
    if bytes.count + ending.count > EndingCache.bytesMax {
      bytes = []
      places = [Place](repeating: Place(), count: places.count)
    }
    guard ending.count <= EndingCache.bytesMax else { return }
    places[index(of: key)] = Place(
      key: key, start: Int32(bytes.count), count: Int32(ending.count))
    bytes.append(contentsOf: ending)
  }

  private func index(of key: UInt64) -> Int {
    // Source: Knuth, The Art of Computer Programming, volume 3, 6.4: multiplicative hashing.
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> (64 - EndingCache.placeBits))
  }
}
