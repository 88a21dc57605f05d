import Events
import Pipes
import Records

/// What is opened and what closes it, by key: tickets with their answers, posts with what readers do.
///
///     key or person ─┬─ openings   08:00 ──────────── 14:00
///                    └─ closings        08:20  09:05        14:30
///
/// Each closing belongs to the latest opening before it. All times are kept, so that no order of events
/// shows. Cost: 40 bytes an opening, 16 a closing.
struct CaseLog: Sendable {
  /// Something that was opened.
  struct Opening: Sendable, BitwiseCopyable {
    let time: Int64
    /// Orders those of equal time.
    let fingerprint: UInt64
    var group: UInt32
    /// How large it is: the followers of who posts.
    let size: UInt32
    fileprivate var next: UInt32 = 0

    /// An opening.
    init(time: Int64, fingerprint: UInt64, group: UInt32, size: UInt32) {
      (self.time, self.fingerprint, self.group, self.size) = (time, fingerprint, group, size)
    }

    /// Whether it is before another one.
    func isBefore(_ other: Opening) -> Bool {
      (time, fingerprint, size) < (other.time, other.fingerprint, other.size)
    }
  }

  /// What belongs to one key, in order.
  struct Story: Sendable {
    var openings: [Opening] = []
    var closings: [Int64] = []

    /// Puts all in order.
    mutating func sort() {
      openings.sort { $0.isBefore($1) }
      closings.sort()
    }
  }

  private struct Closing: BitwiseCopyable {
    let time: Int64
    let next: UInt32
  }

  /// Where the rows of a key begin, counted from 1.
  private struct Head: BitwiseCopyable {
    var opening: UInt32 = 0
    var closing: UInt32 = 0
  }

  private var keys = Interner(seed: fingerprintSeed)
  private var keyHeads: [Head] = []
  private var personHeads: [Head] = []
  private var openings: [Opening] = []
  private var closings: [Closing] = []

  /// Bytes of the largest array.
  var largestArrayBytes: Int {
    max(openings.count * MemoryLayout<Opening>.stride, closings.count * 16, personHeads.count * 8)
  }

  /// Whose rows are meant.
  enum Owner: Sendable {
    case key([UInt8])
    case person(UInt32)
  }

  /// Adds an opening.
  mutating func open(_ opening: Opening, of owner: Owner) {
    update(owner) { head, log in
      var added = opening
      added.next = head.opening
      log.openings.append(added)
      head.opening = UInt32(truncatingIfNeeded: log.openings.count)
    }
  }

  /// Adds a closing.
  mutating func close(at time: Int64, of owner: Owner) {
    update(owner) { head, log in
      log.closings.append(Closing(time: time, next: head.closing))
      head.closing = UInt32(truncatingIfNeeded: log.closings.count)
    }
  }

  private mutating func update(_ owner: Owner, _ body: (inout Head, inout CaseLog) -> Void) {
    switch owner {
    case .key(let key):
      let number = Int(keys.intern(key))
      if number == keyHeads.count { keyHeads.append(Head()) }
      var head = keyHeads[number]
      body(&head, &self)
      keyHeads[number] = head
    case .person(let person):
      let index = Int(person)
      personHeads.extend(to: index + 1, with: Head())
      var head = personHeads[index]
      body(&head, &self)
      personHeads[index] = head
    }
  }

  private func add(_ head: Head, to story: inout Story) {
    var link = head.opening
    while link != 0 {
      story.openings.append(openings[Int(link) - 1])
      link = openings[Int(link) - 1].next
    }
    link = head.closing
    while link != 0 {
      story.closings.append(closings[Int(link) - 1].time)
      link = closings[Int(link) - 1].next
    }
  }

  /// What belongs to a person, given by all its ids.
  func story(of ids: ArraySlice<UInt32>) -> Story {
    var story = Story()
    for id in ids where Int(id) < personHeads.count { add(personHeads[Int(id)], to: &story) }
    story.sort()
    return story
  }

  /// The keys with what belongs to each, by the bytes of the keys.
  func keyedStories() -> [(key: [UInt8], story: Story)] {
    keyHeads.indices.map { (key: keys.key(UInt32($0)), head: keyHeads[$0]) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { key, head in
        var story = Story()
        add(head, to: &story)
        story.sort()
        return (key, story)
      }
  }
}
