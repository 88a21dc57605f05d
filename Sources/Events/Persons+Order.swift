import Records

extension Persons {
  /// Ids in the order of their bytes, as reports list persons.
  ///
  /// The first 16 bytes are compared as two words; the names are looked at only where those are
  /// equal. Cost: 24 bytes an id.
  public func inNameOrder(_ ids: [UInt32]) -> [UInt32] {
    var keys = ids.map { id in
      let (high, low) = namePrefix(id)
      return NameKey(high: high, low: low, id: id)
    }
    keys.sort { left, right in
      if left.high != right.high { return left.high < right.high }
      if left.low != right.low { return left.low < right.low }
      return namePrecedes(left.id, right.id)
    }
    return keys.map(\.id)
  }

  /// Persons in the order of the ids that name them.
  ///
  /// - Parameters:
  ///   - persons: root numbers.
  ///   - roots: the root of every id.
  /// - Returns: each person with the id that names it.
  public func inNameOrder(
    _ persons: [UInt32], _ roots: [UInt32]
  ) -> [(person: UInt32, name: UInt32)] {
    let chosen = representatives(of: roots)
    return inNameOrder(persons.map { chosen[Int($0)] }).map { (roots[Int($0)], $0) }
  }

  /// An id with the first bytes of its name, the first one highest, zeros behind a short one.
  private struct NameKey: BitwiseCopyable {
    let high: UInt64
    let low: UInt64
    let id: UInt32
  }
}
