internal import Records

/// The buckets of sliding windows: for each person and call, what happened in which step.
///
/// The buckets of each are ascending; what lies further back from the newest one than the window
/// reaches is dropped, since no later moment's window holds it: for most calls at most
/// ``LookBackCall/Window/stepCount`` + 1 stay.
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
  ///
  /// - Parameter reach: how many steps behind the newest one can matter.
  mutating func add(_ amount: Amount, at step: Int64, to window: Int, reach: Int64) {
    var slab = slabs[window]
    let count = Int(slab.count)
    if count > 0, step < pool[slab, count - 1].step - reach { return }
    var place = count
    while place > 0, pool[slab, place - 1].step >= step { place -= 1 }
    if place < count, pool[slab, place].step == step {
      pool[slab, place].amount.merge(amount)
      return
    }
    if place == count {
      var old = 0
      while old < count, pool[slab, old].step < step - reach { old += 1 }
      pool.removeFirst(old, of: &slab)
      place -= old
    }
    pool.insert(Bucket(step: step, amount: amount), into: &slab, at: place)
    slabs[window] = slab
  }

  /// Adds all that one window holds to another, and empties it.
  mutating func move(_ source: Int, into target: Int, reach: Int64) {
    var slab = slabs[source]
    for place in 0..<Int(slab.count) {
      let bucket = pool[slab, place]
      add(bucket.amount, at: bucket.step, to: target, reach: reach)
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

extension WindowStore where Amount == EventCount {
  /// In how many of the last periods there were enough events, and until when that stays so.
  ///
  ///     periods   │ 2 │ 1 │ 0 ┤ moment        each is a window, less what a newer one holds
  func periods(of place: Int, at milliseconds: Int64, _ call: LookBackCall) -> CallAnswer {
    guard let window = call.window, place < slabs.count else {
      return CallAnswer(content: .count(0))
    }
    let slab = slabs[place]
    var validUntil = Moment.distantFuture
    var met: Int64 = 0
    var bucket = Int(slab.count)
    for period in 1...call.length {
      let firstStep = window.firstStep(at: milliseconds, periods: period)
      var count: Int64 = 0
      while bucket > 0, pool[slab, bucket - 1].step >= firstStep {
        bucket -= 1
        count &+= pool[slab, bucket].amount.count
      }
      if count > 0 {
        // The oldest of the period leaves it first.
        validUntil = min(validUntil, window.expiry(of: pool[slab, bucket].step, periods: period))
      }
      if count >= call.least { met += 1 }
    }
    return CallAnswer(content: .count(met), validUntil: validUntil)
  }
}

extension WindowStore where Amount == Presence {
  /// How many days from one on had an event, and the first of them.
  func days(of place: Int, from day: Int64) -> (count: Int, first: Int64?) {
    guard place < slabs.count else { return (0, nil) }
    let slab = slabs[place]
    var first = Int(slab.count)
    while first > 0, pool[slab, first - 1].step >= day { first -= 1 }
    return (Int(slab.count) - first, first < Int(slab.count) ? pool[slab, first].step : nil)
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
