/// Groups of points that lie near each other: k-means++ and Lloyd's iteration.
///
///     let points = [[0, 0], [0, 1], [9, 9], [9, 8]]
///     KMeans(points, groups: 2).members     // [0, 0, 1, 1]
///
/// The first centre is drawn among all points, each further one with a chance that grows with the
/// square of the distance to the nearest centre so far; then each point goes to its nearest centre and
/// each centre to the middle of its points, until nothing changes. Of several beginnings the one with
/// the least sum of squared distances is kept. Groups are numbered by size, the largest first, of equal
/// ones that of the earlier point.
///
/// Random numbers come from a fixed seed, sums are made in the order of the points: the same points in
/// the same order give the same groups on every run.
/// Cost: points × groups × dimensions for each iteration, of which there are 100 at most.
///
/// Source: D. Arthur and S. Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007;
/// S. P. Lloyd, Least squares quantization in PCM, IEEE Transactions on Information Theory 28 (1982).
public struct KMeans: Sendable {
  /// The group of each point.
  public private(set) var members: [Int]
  /// The middle of each group.
  public private(set) var centres: [[Double]]
  /// The sum of the squared distances of the points to the centres of their groups.
  public private(set) var inertia: Double

  private static let iterationsMax = 100

  /// Finds groups of points, which are all of as many dimensions.
  ///
  /// - Parameters:
  ///   - count: how many groups; no more are found than there are different points.
  ///   - beginnings: how often it is begun anew.
  ///   - seed: where the random numbers come from.
  public init(_ points: [[Double]], groups count: Int, beginnings: Int = 10, seed: UInt64 = 1) {
    precondition(count > 0 && beginnings > 0, "there is at least one group and one beginning")
    (members, centres, inertia) = ([], [], .infinity)
    guard !points.isEmpty else {
      inertia = 0
      return
    }
    var random = SplitMix(seed: seed)
    let flat = FlatPoints(points)
    for _ in 0..<beginnings {
      var attempt = Attempt(flat, count, &random)
      attempt.settle(flat, iterationsMax: KMeans.iterationsMax)
      if attempt.inertia < inertia {
        (members, centres, inertia) = (attempt.members, attempt.centres, attempt.inertia)
      }
    }
    orderBySize()
  }

  private mutating func orderBySize() {
    var sizes = [Int](repeating: 0, count: centres.count)
    var earliest = [Int](repeating: .max, count: centres.count)
    for (point, group) in members.enumerated() {
      sizes[group] += 1
      earliest[group] = min(earliest[group], point)
    }
    let order = centres.indices.filter { sizes[$0] > 0 }.sorted {
      (-sizes[$0], earliest[$0]) < (-sizes[$1], earliest[$1])
    }
    var numbers = [Int](repeating: 0, count: centres.count)
    for (number, group) in order.enumerated() { numbers[group] = number }
    members = members.map { numbers[$0] }
    centres = order.map { centres[$0] }
  }
}

/// Points one behind the other in one array.
private struct FlatPoints {
  let dimensions: Int
  let count: Int
  let values: [Double]

  init(_ points: [[Double]]) {
    dimensions = points[0].count
    count = points.count
    values = points.flatMap(\.self)
    precondition(values.count == count * dimensions, "points are of as many dimensions")
  }

  func squaredDistance(_ point: Int, to centre: [Double]) -> Double {
    let first = point * dimensions
    var sum = 0.0
    for dimension in 0..<dimensions {
      let difference = values[first + dimension] - centre[dimension]
      sum += difference * difference
    }
    return sum
  }

  subscript(point: Int) -> [Double] {
    Array(values[(point * dimensions)..<((point + 1) * dimensions)])
  }
}

/// One beginning and where it leads.
private struct Attempt {
  var members: [Int]
  var centres: [[Double]]
  var inertia = Double.infinity

  /// Draws the first centres.
  init(_ points: FlatPoints, _ count: Int, _ random: inout SplitMix) {
    members = Array(repeating: 0, count: points.count)
    centres = [points[random.below(points.count)]]
    var distances = (0..<points.count).map { points.squaredDistance($0, to: centres[0]) }
    while centres.count < count {
      let sum = distances.reduce(0, +)
      guard sum > 0 else { break }
      var rest = random.uniform() * sum
      var chosen = 0
      for (point, distance) in distances.enumerated() where distance > 0 {
        chosen = point
        rest -= distance
        if rest < 0 { break }
      }
      centres.append(points[chosen])
      for point in distances.indices {
        let distance = points.squaredDistance(point, to: centres[centres.count - 1])
        distances[point] = min(distances[point], distance)
      }
    }
  }

  /// Moves points and centres until nothing changes.
  mutating func settle(_ points: FlatPoints, iterationsMax: Int) {
    for _ in 0..<iterationsMax {
      let hasChanged = assign(points)
      if !hasChanged { return }
      moveCentres(points)
    }
  }

  /// Puts each point into the group of its nearest centre, the first of equally near ones.
  private mutating func assign(_ points: FlatPoints) -> Bool {
    var hasChanged = inertia == .infinity
    inertia = 0
    for point in 0..<points.count {
      var nearest = 0
      var least = Double.infinity
      for group in centres.indices {
        let distance = points.squaredDistance(point, to: centres[group])
        if distance < least { (nearest, least) = (group, distance) }
      }
      if members[point] != nearest {
        members[point] = nearest
        hasChanged = true
      }
      inertia += least
    }
    return hasChanged
  }

  /// Puts each centre into the middle of its points; one without points stays.
  private mutating func moveCentres(_ points: FlatPoints) {
    let dimensions = points.dimensions
    var sums = [Double](repeating: 0, count: centres.count * dimensions)
    var counts = [Int](repeating: 0, count: centres.count)
    for point in 0..<points.count {
      let group = members[point]
      counts[group] += 1
      for dimension in 0..<dimensions {
        sums[group * dimensions + dimension] += points.values[point * dimensions + dimension]
      }
    }
    for group in centres.indices where counts[group] > 0 {
      for dimension in 0..<dimensions {
        centres[group][dimension] = sums[group * dimensions + dimension] / Double(counts[group])
      }
    }
  }
}

/// Random numbers that are the same everywhere.
///
/// Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
private struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A double from 0 on, below 1.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number below a count.
  mutating func below(_ count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
