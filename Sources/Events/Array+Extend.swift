/// What is known by number of persons or other things grows as higher numbers come.
extension Array {
  /// Adds elements until there are so many; in large steps, so that one more at a time is cheap.
  @inlinable @inline(__always)
  public mutating func extend(to count: Int, with element: Element) {
    if self.count < count { grow(to: count, with: element) }
  }

  /// Adds half as many again at least; called only where there are too few.
  @inlinable @inline(never)
  mutating func grow(to count: Int, with element: Element) {
    let missing = Swift.max(count, self.count * 3 / 2) - self.count
    append(contentsOf: repeatElement(element, count: missing))
  }
}
