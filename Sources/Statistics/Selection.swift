extension [Double] {
  /// Puts the number of rank `rank` in its place, none greater before it and none smaller behind
  /// it.
  ///
  /// Numbers before `start` must be in such a place already; NaN may not be among them.
  ///
  /// Cost: linear, and no worse than sorting however the numbers are laid out.
  ///
  /// Source: C. A. R. Hoare, Algorithm 65: Find (1961); the way out into sorting is that of D. R.
  /// Musser, Introspective sorting and selection algorithms (1997).
  mutating func select(_ rank: Int, from start: Int) {
    let fewEnoughToSort = 32
    var low = start
    var high = count
    var roundsLeft = 2 * (Int.bitWidth - count.leadingZeroBitCount)
    while high - low > fewEnoughToSort, roundsLeft > 0 {
      roundsLeft -= 1
      let pivot = median(self[low], self[low + (high - low) / 2], self[high - 1])
      let equal = partition(low..<high, around: pivot)
      if rank < equal.lowerBound {
        high = equal.lowerBound
      } else if rank >= equal.upperBound {
        low = equal.upperBound
      } else {
        return
      }
    }
    self[low..<high].sort()
  }

  /// Sorts a range into smaller than, equal to and greater than `pivot`; returns where the equal
  /// ones are.
  private mutating func partition(_ range: Range<Int>, around pivot: Double) -> Range<Int> {
    var lessEnd = range.lowerBound
    var greaterStart = range.upperBound
    var index = range.lowerBound
    while index < greaterStart {
      if self[index] < pivot {
        swapAt(lessEnd, index)
        lessEnd += 1
        index += 1
      } else if self[index] > pivot {
        greaterStart -= 1
        swapAt(index, greaterStart)
      } else {
        index += 1
      }
    }
    return lessEnd..<greaterStart
  }
}

/// The middle one of three numbers.
private func median(_ first: Double, _ second: Double, _ third: Double) -> Double {
  max(min(first, second), min(max(first, second), third))
}
