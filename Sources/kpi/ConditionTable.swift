import Events
import Records

/// Which conditions an event may fulfil, by its name: those of other names are not asked.
///
///     hash of the name → slot → list of conditions     any other name → those that ask for no name
///
/// Two names of one hash share a list, so that more is asked than need be; nothing is decided here.
struct ConditionTable: Sendable {
  private var slots: [Slot]
  private var conditions: [Int] = []
  /// What is asked of every event.
  private let usual: Range<Int>

  private struct Slot: Sendable {
    let hash: UInt64
    let range: Range<Int>
  }

  /// A table by the names that the conditions ask for; `nil` for those that ask for none.
  init(_ names: [[[UInt8]]?]) {
    var lists: [UInt64: [Int]] = [:]
    let always = names.indices.filter { names[$0] == nil }
    for (condition, wanted) in names.enumerated() {
      for name in wanted ?? [] {
        let padded = name + [UInt8](repeating: 0, count: 8)
        let hash = byteHash(padded.span, from: 0, to: name.count, seed: fingerprintSeed)
        if lists[hash, default: always].last != condition {
          lists[hash, default: always].append(condition)
        }
      }
    }
    var count = 16
    while count < lists.count * 4 { count *= 2 }
    usual = 0..<always.count
    conditions = always
    slots = Array(repeating: Slot(hash: 0, range: usual), count: count)
    var isTaken = [Bool](repeating: false, count: count)
    for (hash, list) in lists.sorted(by: { $0.key < $1.key }) {
      var index = Int(truncatingIfNeeded: hash) & (count - 1)
      while isTaken[index] { index = (index + 1) & (count - 1) }
      isTaken[index] = true
      let start = conditions.count
      conditions += list.sorted()
      slots[index] = Slot(hash: hash, range: start..<conditions.count)
    }
  }

  /// The places of the conditions to be asked of an event whose name has a hash.
  @inline(__always)
  func places(_ hash: UInt64) -> Range<Int> {
    var index = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while true {
      let slot = slots[index]
      if slot.hash == hash { return slot.range }
      if slot.range == usual { return usual }
      index = (index + 1) & (slots.count - 1)
    }
  }

  /// The condition at a place.
  @inline(__always)
  subscript(place: Int) -> Int { conditions[place] }
}
