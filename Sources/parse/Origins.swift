/// Where the parts of a made message came from, so that a fault in it is shown in the source line.
struct Origins {
  private var places: [(made: Int, source: Int)] = []

  /// Forgets all parts.
  mutating func removeAll() { places.removeAll(keepingCapacity: true) }

  /// Notes that what stands at `made` came from `source`; called with ascending `made`.
  mutating func note(made: Int, source: Int) { places.append((made, source)) }

  /// Where the part that holds an offset came from, or `nil` where nothing is known.
  func source(of made: Int) -> Int? { places.last { $0.made <= made }?.source }
}
