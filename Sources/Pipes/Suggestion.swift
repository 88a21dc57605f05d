import Expressions

/// The end of a message that offers the nearest known word, empty where none is near.
///
///     suggestion(for: "windwo", among: ["window", "where"])   → "; did you mean 'window'?"
public func suggestion(for word: String, among known: [String], prefix: String = "") -> String {
  let beginning = known.filter { word.count > 1 && $0.hasPrefix(word) }
  let only = beginning.count == 1 ? beginning.first : nil
  guard let nearest = only ?? nearestName(to: word, among: known) else { return "" }
  return "; did you mean '\(prefix)\(nearest)'?"
}
