import Records

/// One message as it lies in its block: its members in their order, and by slot the last of each
/// wanted key.
struct Message {
  /// All members, duplicates too.
  var members: [Member] = []
  private var last = InlineArray<19, Int32>(repeating: -1)

  /// Notes where the wanted keys are, behind a scan.
  @inline(__always)
  mutating func index() {
    last = InlineArray<19, Int32>(repeating: -1)
    for index in members.indices {
      let slot = members[index].slot
      if slot >= 0 { last[Int(slot)] = Int32(truncatingIfNeeded: index) }
    }
  }

  /// The value of a key, or the absent field.
  @inline(__always)
  func field(_ slot: Int) -> Field {
    let index = last[slot]
    return index < 0 ? .absent : members[Int(index)].value
  }

  /// The value of a key that is none of the wanted ones, or the absent field.
  func last(_ key: [UInt8], in bytes: Span<UInt8>) -> Field {
    let found = members.last { member in
      let end = member.start + 1 + key.count
      return end < member.value.start && bytes[end] == ASCII.quote
        && bytes.equals(key, from: member.start + 1, to: end)
    }
    return found?.value ?? .absent
  }

  /// Whether the member at an index is the one that counts of its key.
  @inline(__always)
  func isLast(_ index: Int) -> Bool {
    let slot = members[index].slot
    return slot < 0 || last[Int(slot)] == Int32(truncatingIfNeeded: index)
  }
}
