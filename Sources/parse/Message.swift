import Records

/// One message as it lies in its block: its members in their order, and the last of each wanted one.
typealias Message = RecordReader

extension RecordReader {
  /// The value of a key that is none of the wanted ones, or the absent field.
  func last(_ key: [UInt8], in bytes: Span<UInt8>) -> Field {
    let found = members.last { member in
      let end = member.start + 1 + key.count
      return end < member.value.start && bytes[end] == ASCII.quote
        && bytes.equals(key, from: member.start + 1, to: end)
    }
    return found?.value ?? .absent
  }

  /// Whether a member of the top level is the one that counts of its key.
  @inline(__always)
  func isLast(_ member: Member) -> Bool {
    member.slot < 0 || field(Int(member.slot)) == member.value
  }
}
