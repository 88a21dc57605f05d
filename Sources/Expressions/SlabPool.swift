/// Many short arrays in one: each grows by moving to a stretch of twice the size.
///
///     elements   [ a a . . | b | free | c c c . . . . . ]
///     slab       offset 0, count 2, size 4
///
/// Stretches that were left are used again. Cost: amortised constant for a growth.
struct SlabPool<Element: Sendable>: Sendable {
  private(set) var elements: [Element] = []
  /// The offsets of stretches that nobody uses, by the power of two of their size.
  private var free: [[UInt32]] = []
  private let blank: Element

  /// An empty pool; `blank` fills what nobody uses.
  init(blank: Element) { self.blank = blank }

  /// The element of a slab at a place.
  subscript(slab: Slab, place: Int) -> Element {
    get { elements[Int(slab.offset) + place] }
    set { elements[Int(slab.offset) + place] = newValue }
  }

  /// Puts an element into a slab before a place.
  mutating func insert(_ element: Element, into slab: inout Slab, at place: Int) {
    if slab.count == slab.size { grow(&slab) }
    var index = Int(slab.offset) + Int(slab.count)
    let target = Int(slab.offset) + place
    while index > target {
      elements[index] = elements[index - 1]
      index -= 1
    }
    elements[target] = element
    slab.count += 1
  }

  /// Takes the element at a place out of a slab.
  mutating func remove(at place: Int, of slab: inout Slab) {
    let start = Int(slab.offset)
    for index in start + place..<start + Int(slab.count) - 1 {
      elements[index] = elements[index + 1]
    }
    slab.count -= 1
  }

  /// Takes the first elements out of a slab.
  mutating func removeFirst(_ count: Int, of slab: inout Slab) {
    guard count > 0 else { return }
    let start = Int(slab.offset)
    for index in start..<start + Int(slab.count) - count {
      elements[index] = elements[index + count]
    }
    slab.count -= UInt16(count)
  }

  /// Empties a slab and keeps its stretch for others.
  mutating func release(_ slab: inout Slab) {
    if slab.size > 0 { setFree(slab) }
    slab = Slab()
  }

  private mutating func grow(_ slab: inout Slab) {
    let power = slab.size == 0 ? 0 : slab.size.trailingZeroBitCount + 1
    while free.count <= power { free.append([]) }
    let offset: Int
    if let reused = free[power].popLast() {
      offset = Int(reused)
    } else {
      offset = elements.count
      elements.append(contentsOf: repeatElement(blank, count: 1 << power))
    }
    for place in 0..<Int(slab.count) {
      elements[offset + place] = elements[Int(slab.offset) + place]
    }
    if slab.size > 0 { setFree(slab) }
    slab.offset = UInt32(offset)
    slab.size = 1 << UInt16(power)
  }

  private mutating func setFree(_ slab: Slab) {
    let power = slab.size.trailingZeroBitCount
    while free.count <= power { free.append([]) }
    free[power].append(slab.offset)
  }
}

/// One of the short arrays of a ``SlabPool``.
struct Slab: Sendable, Equatable, BitwiseCopyable {
  /// Where it starts in the pool.
  var offset: UInt32 = 0
  /// How many elements it has.
  var count: UInt16 = 0
  /// How many it has room for.
  var size: UInt16 = 0
}
