/// How many of the numbers seen are below one, when numbers come, change and go.
///
///     var ranks = RankedCounts()
///     for days in [3, 3, 9] { ranks.add(days) }
///     ranks.below(9)   // 2
///     ranks.equal(3)   // 2
///
/// A Fenwick tree of counts over whole numbers. Adding and asking cost the logarithm of the range
/// between the least and the greatest number, and memory is 4 bytes for each number of that range,
/// however many there are; so numbers of any size are given by their ``bin(of:)``.
///
/// Source: P. M. Fenwick, A new data structure for cumulative frequency tables, Software: Practice
/// and Experience 24 (1994), 327-336.
public struct RankedCounts: Sendable {
  /// How many numbers there are.
  public private(set) var count = 0

  /// The number that the first place stands for.
  private var first = 0
  /// The counts by place, and the sums over them; the tree counts its places from 1.
  private var counts: [UInt32] = []
  private var tree: [UInt32] = [0]

  /// Numbers further from 0 count as this one.
  public static let most = 1 << 22

  /// No numbers.
  public init() {}

  /// The number that stands for another one of any size: 2 % wide bins, all below zero in one.
  public static func bin(of value: Double) -> Int {
    guard value > .leastNormalMagnitude else { return -(1 << 17) }
    return LogarithmicBins.index(of: min(value, .greatestFiniteMagnitude))
  }

  /// Adds a number.
  public mutating func add(_ number: Int) {
    let place = place(of: number)
    count += 1
    counts[place] += 1
    var node = place + 1
    while node < tree.count {
      tree[node] += 1
      node += node & -node
    }
  }

  /// Takes a number away that was added before; one that was not changes nothing.
  public mutating func remove(_ number: Int) {
    let place = place(of: number)
    guard counts[place] > 0 else { return }
    count -= 1
    counts[place] -= 1
    var node = place + 1
    while node < tree.count {
      tree[node] -= 1
      node += node & -node
    }
  }

  /// How many numbers are below one.
  public func below(_ number: Int) -> Int {
    var node = min(max(RankedCounts.clamped(number) - first, 0), counts.count)
    var sum = 0
    while node > 0 {
      sum += Int(tree[node])
      node &= node - 1
    }
    return sum
  }

  /// How many numbers are equal to one.
  public func equal(_ number: Int) -> Int {
    let place = RankedCounts.clamped(number) - first
    return counts.indices.contains(place) ? Int(counts[place]) : 0
  }

  private static func clamped(_ number: Int) -> Int { min(max(number, -most), most) }

  /// The place of a number, for which room is made.
  private mutating func place(of number: Int) -> Int {
    let number = RankedCounts.clamped(number)
    if counts.isEmpty { first = number }
    if number < first {
      // Twice the range, so that growing is rare.
      let more = max(first - number, counts.count)
      counts.insert(contentsOf: repeatElement(0, count: more), at: 0)
      first -= more
      rebuild()
    } else if number - first >= counts.count {
      let more = max(number - first + 1 - counts.count, counts.count)
      counts.append(contentsOf: repeatElement(0, count: more))
      rebuild()
    }
    return number - first
  }

  private mutating func rebuild() {
    tree = [0] + counts
    for node in 1..<tree.count {
      let parent = node + (node & -node)
      if parent < tree.count { tree[parent] += tree[node] }
    }
  }
}
