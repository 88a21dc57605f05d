/// Rows of a few words each, for states that grow and shrink.
///
///     rows    chunk 0 [ ·· │ · │ ···· │ ·· ] chunk 1 [ ··· │ … ]      a row never spans two
///     free    [ –, → first row of one word, → of two, … ]            the next one in its first word
///
/// A row is taken from the free ones of its size, else from the end. Chunks are never moved, so
/// growing needs no memory but the new chunk's.
struct StateStore: Sendable {
  private let chunkWords: Int
  private var chunks: [[UInt64]] = []
  /// The words of the last chunk that are taken.
  private var used: Int
  /// The first free row of each size, counted from 1; 0 for none.
  private var free: [UInt32] = [0]

  /// An empty store for rows of so many words at most.
  init(rowWordsMax: Int) {
    chunkWords = max(1 << 14, rowWordsMax)
    used = chunkWords
  }

  /// Writes the words of a row in place of another one, of the same size or not.
  ///
  /// - Parameters:
  ///   - place: the row to be replaced, counted from 1; 0 for a new one.
  ///   - oldCount: its words.
  /// - Returns: where the new one is.
  mutating func replace(_ place: UInt32, ofWords oldCount: Int, with bits: BitWriter) -> UInt32 {
    var place = place
    if place == 0 || oldCount != bits.wordCount {
      release(place, ofWords: oldCount)
      place = take(bits.wordCount)
    }
    let (chunk, offset) = split(place)
    for index in 0..<bits.wordCount { chunks[chunk][offset + index] = bits.words[index] }
    return place
  }

  /// A reader of a row; it is to be gone before the next change.
  func reader(_ place: UInt32) -> BitReader {
    let (chunk, offset) = split(place)
    return BitReader(chunks[chunk], from: offset)
  }

  /// The words of a row.
  func words(_ place: UInt32, count: Int) -> [UInt64] {
    let (chunk, offset) = split(place)
    return Array(chunks[chunk][offset..<offset + count])
  }

  /// Gives a row back.
  mutating func release(_ place: UInt32, ofWords count: Int) {
    guard place != 0 else { return }
    let (chunk, offset) = split(place)
    chunks[chunk][offset] = UInt64(free[count])
    free[count] = place
  }

  private mutating func take(_ count: Int) -> UInt32 {
    while free.count <= count { free.append(0) }
    if case let place = free[count], place != 0 {
      let (chunk, offset) = split(place)
      free[count] = UInt32(truncatingIfNeeded: chunks[chunk][offset])
      return place
    }
    if used + count > chunkWords {
      chunks.append(Array(repeating: 0, count: chunkWords))
      used = 0
    }
    used += count
    return UInt32((chunks.count - 1) * chunkWords + used - count + 1)
  }

  private func split(_ place: UInt32) -> (chunk: Int, offset: Int) {
    (Int(place - 1) / chunkWords, Int(place - 1) % chunkWords)
  }
}
