import Records

/// What was seen of keys lately: a time and a number each, forgotten some event time later.
///
///     previous  [ … entries of the window before … ]   dropped when the window moves on
///     current   [ … entries since the window moved … ]
///
/// A key is remembered for at least one window of event time and at most two, unless more than
/// ``entriesMax`` keys come within one: then the window moves on early and ``isOverfull`` says so.
/// Cost: two look-ups; at most 64 bytes a key.
struct RecentTable {
  /// A key as two independent hashes of it: two different keys never meet in practice.
  struct Key: Equatable {
    let low: UInt64
    let high: UInt64
  }

  /// What is known of a key.
  struct Entry {
    fileprivate(set) var key = Key(low: 0, high: 0)
    var time = Moment.distantPast
    var number: UInt32 = 0
    fileprivate(set) var isUsed = false
  }

  let windowMilliseconds: Int64
  let entriesMax: Int
  var isOverfull = false
  private(set) var current: [Entry] = Array(repeating: Entry(), count: 64)
  private var currentCount = 0
  private(set) var previous: [Entry] = []
  var windowStart: Moment?

  init(windowMilliseconds: Int64, entriesMax: Int) {
    self.windowMilliseconds = windowMilliseconds
    self.entriesMax = entriesMax
  }

  /// What is known of a key, or `nil`.
  @inline(__always)
  func entry(_ key: Key) -> Entry? {
    let index = RecentTable.index(of: key, in: current)
    if current[index].isUsed { return current[index] }
    guard !previous.isEmpty else { return nil }
    let older = RecentTable.index(of: key, in: previous)
    return previous[older].isUsed ? previous[older] : nil
  }

  /// Remembers a key, in place of what was known of it.
  @inline(__always)
  mutating func set(_ key: Key, time: Moment, number: UInt32, at moment: Moment) {
    advance(to: moment)
    put(key, time: time, number: number)
  }

  /// Puts a key among those of the current window.
  @inline(__always)
  mutating func put(_ key: Key, time: Moment, number: UInt32) {
    let index = RecentTable.index(of: key, in: current)
    if !current[index].isUsed {
      currentCount += 1
      current[index].isUsed = true
      current[index].key = key
    }
    current[index].time = time
    current[index].number = number
    if currentCount * 2 > current.count { grow() }
  }

  /// Forgets all keys.
  mutating func removeAll() {
    self = RecentTable(windowMilliseconds: windowMilliseconds, entriesMax: entriesMax)
  }

  /// Event time has come to a moment, which may lie before others.
  @inline(__always)
  private mutating func advance(to moment: Moment) {
    guard let start = windowStart else {
      windowStart = moment
      return
    }
    let isOver = moment.milliseconds - start.milliseconds > windowMilliseconds
    guard isOver || currentCount >= entriesMax else { return }
    if !isOver { isOverfull = true }
    if moment > start { windowStart = moment }
    moveOn()
  }

  /// Begins a new window; the keys of the one before the last are forgotten.
  mutating func moveOn() {
    var capacity = 64
    while capacity < currentCount { capacity *= 2 }
    previous = current
    current = Array(repeating: Entry(), count: capacity)
    currentCount = 0
  }

  private mutating func grow() {
    var grown = [Entry](repeating: Entry(), count: current.count * 2)
    for entry in current where entry.isUsed {
      grown[RecentTable.index(of: entry.key, in: grown)] = entry
    }
    current = grown
  }

  /// The place of a key, or the free one where it would stand.
  @inline(__always)
  private static func index(of key: Key, in entries: [Entry]) -> Int {
    let mask = entries.count - 1
    var index = Int(truncatingIfNeeded: key.low) & mask
    while entries[index].isUsed, entries[index].key != key { index = (index + 1) & mask }
    return index
  }
}
