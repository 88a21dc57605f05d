internal import Records

/// The buckets of sliding windows: for each person and call, what happened in which step.
///
/// At most ``LookBackCall/Window/stepCount`` + 1 buckets are kept for each, ascending; what lies
/// further back than that from the newest one is dropped, since no later moment's window holds it.
/// So the buckets are the same in whatever order the events came, and after any merging.
struct WindowStore<Amount: WindowAmount>: Sendable {
  /// A bucket: the number of its step, and what happened in it.
  struct Bucket: Sendable {
    var step: Int64
    var amount: Amount
  }

  var pool = SlabPool(blank: Bucket(step: 0, amount: Amount()))
  var slabs: [Slab] = []

  /// Bytes of the larger array.
  var largestArrayBytes: Int {
    max(pool.elements.count * MemoryLayout<Bucket>.stride, slabs.count * MemoryLayout<Slab>.stride)
  }

  /// Makes room for so many windows.
  mutating func grow(to count: Int) {
    while slabs.count < count { slabs.append(Slab()) }
  }

  /// Asks the memory for a window; the answer means nothing.
  func touch(_ window: Int) -> UInt64 {
    guard window < slabs.count else { return 0 }
    return UInt64(slabs[window].count)
  }

  /// Adds an amount to the bucket of a step.
  mutating func add(_ amount: Amount, at step: Int64, to window: Int) {
    var slab = slabs[window]
    let count = Int(slab.count)
    if count > 0, step < pool[slab, count - 1].step - LookBackCall.Window.stepCount { return }
    var place = count
    while place > 0, pool[slab, place - 1].step >= step { place -= 1 }
    if place < count, pool[slab, place].step == step {
      pool[slab, place].amount.merge(amount)
      return
    }
    if place == count {
      var old = 0
      while old < count, pool[slab, old].step < step - LookBackCall.Window.stepCount { old += 1 }
      pool.removeFirst(old, of: &slab)
      place -= old
    }
    pool.insert(Bucket(step: step, amount: amount), into: &slab, at: place)
    slabs[window] = slab
  }

  /// Adds all that one window holds to another, and empties it.
  mutating func move(_ source: Int, into target: Int) {
    var slab = slabs[source]
    for place in 0..<Int(slab.count) {
      let bucket = pool[slab, place]
      add(bucket.amount, at: bucket.step, to: target)
    }
    pool.release(&slab)
    slabs[source] = slab
  }

  /// What happened from a step on, and the first such step in which anything did.
  func total(of window: Int, from step: Int64) -> (amount: Amount, firstStep: Int64?) {
    var amount = Amount()
    var firstStep: Int64?
    guard window < slabs.count else { return (amount, nil) }
    let slab = slabs[window]
    for place in 0..<Int(slab.count) {
      let bucket = pool[slab, place]
      guard bucket.step >= step else { continue }
      if firstStep == nil { firstStep = bucket.step }
      amount.merge(bucket.amount)
    }
    return (amount, firstStep)
  }
}

/// What is added up in a window; the order of adding must not matter.
protocol WindowAmount: Sendable {
  /// Nothing.
  init()
  /// Adds another amount.
  mutating func merge(_ other: Self)
}

/// How many events.
struct EventCount: WindowAmount {
  var count: Int64 = 0

  // Only what a damaged state says could overflow.
  mutating func merge(_ other: EventCount) { count &+= other.count }
}

/// The exact sum of numbers.
struct NumberSum: WindowAmount, BitwiseCopyable {
  /// The most digits before the point of a number that is added.
  ///
  /// So that no order of adding 10^8 numbers overflows on the way.
  static let wholeDigitsMax = 30

  var sum = DecimalSum()
  /// Whether the sum went past 10^38 all the same.
  var hasOverflowed = false

  mutating func merge(_ other: NumberSum) {
    if !sum.merge(other.sum) { hasOverflowed = true }
    hasOverflowed = hasOverflowed || other.hasOverflowed
  }

  /// Adds a number; `false` where it is too long for an exact sum.
  mutating func add(_ number: DecimalNumber) -> Bool {
    let limit = DecimalNumber(coefficient: 1, exponent: NumberSum.wholeDigitsMax)
    let least = DecimalNumber(coefficient: -1, exponent: NumberSum.wholeDigitsMax)
    guard order(number, limit) < 0, order(number, least) > 0 else { return false }
    return sum.add(number)
  }

  /// The sum as a value.
  var value: Value? {
    if hasOverflowed { return nil }
    var text: [UInt8] = []
    sum.append(to: &text)
    if let number = DecimalNumber(text.span, from: 0, to: text.count) { return .number(number) }
    return .digits(text)
  }
}
