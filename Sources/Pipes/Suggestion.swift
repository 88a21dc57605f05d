/// The end of a message that offers the nearest known word, empty where none is near.
///
///     suggestion(for: "windwo", among: ["window", "where"])   → "; did you mean 'window'?"
public func suggestion(for word: String, among known: [String], prefix: String = "") -> String {
  guard let nearest = nearest(to: word, among: known) else { return "" }
  return "; did you mean '\(prefix)\(nearest)'?"
}

/// The known word that is fewest edits away, at most a third of its letters and one more.
private func nearest(to word: String, among known: [String]) -> String? {
  let ranked = known.map { (word: $0, distance: editDistance(word, $0)) }
  let best = ranked.min { ($0.distance, $0.word) < ($1.distance, $1.word) }
  guard let best, best.distance <= best.word.count / 3 + 1, best.distance < word.count else {
    return known.first { !word.isEmpty && $0.hasPrefix(word) }
  }
  return best.word
}

/// How many letters must be put in, left out, replaced or swapped with their neighbour.
///
/// Source: optimal string alignment distance (Damerau 1964; Levenshtein 1966).
func editDistance(_ left: String, _ right: String) -> Int {
  let left = Array(left)
  let right = Array(right)
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
      var best = min(replaced, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        best = min(best, beforePrevious[column - 1] + 1)
      }
      current.append(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.count]
}
