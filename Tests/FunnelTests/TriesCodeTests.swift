import TestSupport
import Testing

@testable import funnel

/// States in a few bits: they come back as they were, and are never longer than promised.
@Suite("Code of tries") struct TriesCodeTests {
  /// Tries as a matcher may leave them: a way for each step, entries that never get newer.
  private static func tries(
    _ stepCount: Int, _ window: Int64, _ randomness: inout Randomness
  ) -> Tries {
    var tries = Tries(stepCount: stepCount)
    let level = randomness.number(1...stepCount - 1)
    var entry = Int64(randomness.number(0...100_000_000_000_000))
    for step in 1...level {
      var time = entry
      for place in step * stepCount..<step * stepCount + step {
        tries.times[place] = time
        time += Int64.random(in: 0...window - (time - entry), using: &randomness)
      }
      tries.entries[step] = entry
      let back = Int64.random(in: 0...window / Int64(stepCount), using: &randomness)
      if randomness.happens(60) { entry -= back }
    }
    tries.report(level)
    if randomness.happens(30) { for step in 0..<level { tries.furthest[step] -= 1 } }
    if randomness.happens(20) { tries.isEnded = true }
    return tries
  }

  private static func encoded(_ tries: Tries, _ code: inout TriesCode) -> [UInt64] {
    var bits = BitWriter()
    code.encode(tries, to: &bits)
    return Array(bits.words.prefix(bits.wordCount))
  }

  @Test("what is written is read again", arguments: [2, 3, 5, 9, 40])
  func roundTrip(_ stepCount: Int) {
    var randomness = Randomness(seed: UInt64(stepCount))
    for window in [0, 1, 60_000, 1_209_600_000, 2_000_000_000_000] as [Int64] {
      var code = TriesCode(stepCount: stepCount, windowMilliseconds: window)
      for _ in 0..<200 {
        let tries = Self.tries(stepCount, window, &randomness)
        let words = Self.encoded(tries, &code)
        #expect(words.count <= code.wordsMax)
        var reader = BitReader([7] + words, from: 1)
        var read = Tries(stepCount: stepCount)
        code.decode(&reader, into: &read)
        #expect(reader.wordCount == words.count)
        #expect(read.isEnded == tries.isEnded)
        #expect(read.level == tries.level)
        #expect(read.furthest[..<read.level] == tries.furthest[..<tries.level])
        if tries.isEnded { continue }
        #expect(
          read.openUntil(windowMilliseconds: window) == tries.openUntil(windowMilliseconds: window))
        for step in 1...tries.level where read.entries[step] > Tries.past {
          let row = step * stepCount..<step * stepCount + step
          #expect(read.times[row] == tries.times[row])
        }
        // Written once more it is the same: nothing is lost by resting.
        #expect(Self.encoded(read, &code) == words)
      }
    }
  }

  @Test("optional steps that were left out and tainted tries are read again")
  func leftOutAndTainted() {
    var randomness = Randomness(seed: 8)
    let window: Int64 = 14 * 7 * 86_400_000
    var code = TriesCode(
      stepCount: 5, windowMilliseconds: window, optional: [2, 4, 5], isTaintable: true)
    var longest = 0
    for _ in 0..<20_000 {
      var tries = Tries(stepCount: 5, isTaintable: true)
      let plain = Self.tries(5, window, &randomness)
      (tries.entries, tries.times) = (plain.entries, plain.times)
      for step in [2, 4] where randomness.happens(40) {
        for other in step + 1..<5 { tries.times[other * 5 + step - 1] = Passage.skipped }
      }
      tries.report(plain.level)
      (tries.isEnded, tries.isExcluded) = (plain.isEnded, randomness.happens(30))
      for step in 1..<5 where tries.isSet(step) { tries.taint(step, randomness.happens(30)) }
      // A tainted try that came to the last step, which ends nothing.
      if tries.isExcluded, plain.level >= 3, randomness.happens(30) {
        tries.report(5, from: plain.level, at: tries.furthest[0] + 7)
      }
      let words = Self.encoded(tries, &code)
      longest = max(longest, words.count)
      var reader = BitReader([7] + words, from: 1)
      var read = Tries(stepCount: 5, isTaintable: true)
      code.decode(&reader, into: &read)
      #expect(read.isExcluded == tries.isExcluded && read.isEnded == tries.isEnded)
      #expect(read.furthest[..<read.level] == tries.furthest[..<tries.level])
      #expect(tries.isEnded || read.isSet(5) == tries.isSet(5))
      for step in 1..<5 where read.entries[step] > Tries.past {
        #expect(read.isTainted(step) == tries.isTainted(step))
        #expect(read.times[step * 5..<step * 6] == tries.times[step * 5..<step * 6])
      }
      #expect(Self.encoded(read, &code) == words)
    }
    #expect(longest == 9 && longest <= code.wordsMax)
  }

  @Test("five steps take 64 bytes at most, and who has only entered takes 8")
  func size() {
    var randomness = Randomness(seed: 3)
    let window: Int64 = 14 * 7 * 86_400_000
    var code = TriesCode(stepCount: 5, windowMilliseconds: window)
    var longest = 0
    for _ in 0..<20_000 {
      longest = max(longest, Self.encoded(Self.tries(5, window, &randomness), &code).count)
    }
    #expect(longest == 8)
    var entered = Tries(stepCount: 5)
    entered.carry(to: 1, at: 1_772_323_200_000)
    entered.times[5] = 1_772_323_200_000
    entered.entries[1] = 1_772_323_200_000
    entered.report(1)
    #expect(Self.encoded(entered, &code).count == 1)
  }
}
