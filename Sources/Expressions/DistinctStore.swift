internal import Statistics

/// The different values of `distinct`: for each person and call, which there were, and in which step
/// each came last.
///
///     ascending by step, then hash   [ 12 c4… │ 12 f0… │ 14 03… │ 17 88… ]    at most 256
///     a sketch of all of them, from the 257th value on
///
/// Values are compared by a hash of 64 bits. The 256 that came last are kept; whether others are in a
/// window too is known from the step of the last of those that had to go, so that up to 256 values in a
/// window are counted exactly. What lies further back than the window's reach from the newest step is
/// dropped. So the state is the same in whatever order events came, and after any merging: which values
/// are the last 256 depends on the set of events alone, and so does the sketch, which knows of all of
/// them.
struct DistinctStore: Sendable {
  /// A value's hash and the step in which it came last.
  struct Entry: Sendable, BitwiseCopyable {
    var hash: UInt64
    var step: Int64

    func precedes(_ other: Entry) -> Bool { (step, hash) < (other.step, other.hash) }
  }

  /// The number of different values.
  struct Answer {
    var count = 0
    /// The first step in which one of them came last.
    var firstStep: Int64?
    var isEstimate = false
  }

  /// How many values are told apart exactly.
  static let exactMax = 256

  private(set) var pool = SlabPool(blank: Entry(hash: 0, step: 0))
  private(set) var slabs: [Slab] = []
  /// The sketches of those with more values.
  private(set) var sketches: [Int: DistinctSketch] = [:]

  /// Bytes of the larger array.
  var largestArrayBytes: Int {
    max(pool.elements.count * MemoryLayout<Entry>.stride, slabs.count * MemoryLayout<Slab>.stride)
  }

  /// Makes room for so many sets of values.
  mutating func grow(to count: Int) { slabs.extend(to: count, with: Slab()) }

  /// Adds a value.
  mutating func add(_ entry: Entry, to set: Int, reach: Int64) {
    var slab = slabs[set]
    defer { slabs[set] = slab }
    guard slab.count == 0 || entry.step >= pool[slab, Int(slab.count) - 1].step - reach else {
      return
    }
    if let known = (0..<Int(slab.count)).first(where: { pool[slab, $0].hash == entry.hash }) {
      if pool[slab, known].step >= entry.step { return }
      pool.remove(at: known, of: &slab)
    }
    var place = Int(slab.count)
    while place > 0, entry.precedes(pool[slab, place - 1]) { place -= 1 }
    pool.insert(entry, into: &slab, at: place)
    dropOld(&slab, of: set, reach)
    if !sketches.isEmpty { sketches[set]?.add(entry.hash, at: entry.step) }
    guard Int(slab.count) > DistinctStore.exactMax else { return }
    if sketches[set] == nil { sketches[set] = sketch(of: slab) }
    sketches[set]?.noteEvicted(pool[slab, 0].step)
    pool.removeFirst(1, of: &slab)
  }

  /// Drops what no window of a later moment holds.
  private mutating func dropOld(_ slab: inout Slab, of set: Int, _ reach: Int64) {
    guard slab.count > 0 else { return }
    let least = pool[slab, Int(slab.count) - 1].step - reach
    var old = 0
    while pool[slab, old].step < least { old += 1 }
    pool.removeFirst(old, of: &slab)
    if !sketches.isEmpty, let sketch = sketches[set], sketch.evictedStep < least {
      sketches[set] = nil
    }
  }

  private func sketch(of slab: Slab) -> DistinctSketch {
    var sketch = DistinctSketch()
    for place in 0..<Int(slab.count) {
      sketch.add(pool[slab, place].hash, at: pool[slab, place].step)
    }
    return sketch
  }

  /// Adds all that one set holds to another, and empties it.
  mutating func move(_ source: Int, into target: Int, reach: Int64) {
    if let sketch = sketches.removeValue(forKey: source) { add(sketch, to: target, reach: reach) }
    var slab = slabs[source]
    for place in 0..<Int(slab.count) { add(pool[slab, place], to: target, reach: reach) }
    pool.release(&slab)
    slabs[source] = slab
  }

  /// Adds the sketch of another set; its last values are added behind it.
  mutating func add(_ sketch: DistinctSketch, to set: Int, reach: Int64) {
    var slab = slabs[set]
    var whole = sketches[set] ?? self.sketch(of: slab)
    whole.merge(sketch)
    sketches[set] = whole
    dropOld(&slab, of: set, reach)
    slabs[set] = slab
  }

  /// How many values came in a step or behind it.
  func count(of set: Int, from step: Int64) -> Answer {
    var answer = Answer()
    guard set < slabs.count else { return answer }
    if !sketches.isEmpty, let sketch = sketches[set], sketch.evictedStep >= step {
      let estimate = sketch.estimate(from: step)
      answer.firstStep = estimate.firstStep
      answer.count = max(DistinctStore.exactMax + 1, Int(estimate.count.rounded()))
      answer.isEstimate = true
      return answer
    }
    let slab = slabs[set]
    var first = Int(slab.count)
    while first > 0, pool[slab, first - 1].step >= step { first -= 1 }
    answer.count = Int(slab.count) - first
    if answer.count > 0 { answer.firstStep = pool[slab, first].step }
    return answer
  }
}

/// How many different values there were, in any window: a HyperLogLog sketch that remembers when.
///
///     register   [ step 3: rank 9 │ step 5: rank 4 │ step 8: rank 1 ]
///
/// Of each register the highest rank in the last steps is wanted, for any number of them; so a rank is
/// kept as long as none as high came later. Cost: 16 KB, and 8 bytes for each rank kept, of which a
/// register has a few, at most one a step and 54.
/// Source: Y. Chabchoub, G. Hébrail, Sliding HyperLogLog: estimating cardinality in a data stream over
/// a sliding window (ICDM Workshops 2010).
struct DistinctSketch: Sendable {
  /// A step and a rank in one word, in the order of the steps.
  struct Rank: Sendable, BitwiseCopyable {
    let word: Int64

    init(step: Int64, rank: Int) { word = step << 6 | Int64(rank) }

    var step: Int64 { word >> 6 }
    var rank: Int { Int(word & 63) }
  }

  /// The step of the last value that is no more among those that are told apart.
  private(set) var evictedStep = Int64.min
  private(set) var pool = SlabPool(blank: Rank(step: 0, rank: 0))
  private(set) var slabs = [Slab](repeating: Slab(), count: HyperLogLog.registerCount)

  /// Adds a value.
  mutating func add(_ hash: UInt64, at step: Int64) {
    add(
      Rank(step: step, rank: HyperLogLog.rank(of: hash)), to: HyperLogLog.register(of: hash))
  }

  /// Notes that a value that came last in a step is told apart no more.
  mutating func noteEvicted(_ step: Int64) { evictedStep = max(evictedStep, step) }

  /// Adds a rank to a register.
  mutating func add(_ rank: Rank, to register: Int) {
    var slab = slabs[register]
    var place = Int(slab.count)
    // Behind the place are later steps; the first of them has their highest rank.
    while place > 0, pool[slab, place - 1].step >= rank.step { place -= 1 }
    if place < Int(slab.count), pool[slab, place].rank >= rank.rank { return }
    if place < Int(slab.count), pool[slab, place].step == rank.step {
      pool.remove(at: place, of: &slab)
    }
    while place > 0, pool[slab, place - 1].rank <= rank.rank {
      place -= 1
      pool.remove(at: place, of: &slab)
    }
    pool.insert(rank, into: &slab, at: place)
    slabs[register] = slab
  }

  /// Adds all that another sketch knows.
  mutating func merge(_ other: DistinctSketch) {
    noteEvicted(other.evictedStep)
    for register in other.slabs.indices {
      let slab = other.slabs[register]
      for place in 0..<Int(slab.count) { add(other.pool[slab, place], to: register) }
    }
  }

  /// How many different values came in a step or behind it, and the first of these steps.
  func estimate(from step: Int64) -> (count: Double, firstStep: Int64?) {
    var counts = [Int](repeating: 0, count: HyperLogLog.rankMax + 1)
    var firstStep: Int64?
    for slab in slabs {
      var place = 0
      while place < Int(slab.count), pool[slab, place].step < step { place += 1 }
      guard place < Int(slab.count) else {
        counts[0] += 1
        continue
      }
      let first = pool[slab, place]
      counts[first.rank] += 1
      firstStep = min(firstStep ?? first.step, first.step)
    }
    return (HyperLogLog.estimate(counts), firstStep)
  }
}
