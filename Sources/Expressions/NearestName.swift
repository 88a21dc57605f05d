/// The known name that differs least from a name, where that is little enough to be a slip.
///
/// Up to a third of the letters may be wrong, missing, too many or swapped with their neighbour.
/// Cost: the product of the lengths for each known name; used for messages only.
public func nearestName(to name: String, among known: [String]) -> String? {
  let wanted = Array(name.lowercased().utf8)
  guard wanted.count <= 40 else { return nil }
  var nearest: String?
  var least = max(1, min(3, wanted.count / 3)) + 1
  for candidate in known where candidate != name {
    // Each letter more or less is a change.
    guard abs(candidate.utf8.count - wanted.count) < least else { continue }
    let distance = editDistance(wanted, Array(candidate.lowercased().utf8))
    if distance < least { (nearest, least) = (candidate, distance) }
  }
  return nearest
}

/// How many letters must be changed, added, taken away or swapped to come from one name to another.
///
/// Source: Damerau 1964, in the restricted form (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let cost = left[row] == right[column] ? 0 : 1
      var best = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        best = min(best, beforeLast[column - 1] + 1)
      }
      current.append(best)
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}
