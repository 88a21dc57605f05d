/// A loop over the elements of a list or the keys of a map.
struct Macro: Sendable {
  /// What is asked of the elements.
  let kind: Kind
  /// The node of the list or map.
  let range: Int
  /// The node that is evaluated for each element.
  let condition: Int
  /// The node that `map` collects, where it also filters.
  let transform: Int?
  /// The place of the element among the variables.
  let local: Int
  /// The steps that one element costs.
  let stepsPerElement: Int

  /// The macros by their names.
  enum Kind: String, Sendable, CaseIterable {
    case all
    case exists
    case existsOne = "exists_one"
    case map
    case filter

    /// The macro of a name, one of two for `exists_one`.
    init?(name: String) { self.init(rawValue: name == "existsOne" ? "exists_one" : name) }
  }
}
