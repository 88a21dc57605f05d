/// Byte strings by dense number: equal ones have the same.
///
/// Cost: one hash, seeded for the process, and about one comparison a look-up; strings stay until
/// the table goes.
struct TextTable: Sendable {
  private var bytes: [UInt8] = []
  /// Where each string ends; it starts where the one before ends.
  private var ends: [Int] = []
  /// The number of a string plus one, by hash; zero is free.
  ///
  /// The count is a power of two.
  private var places: [UInt32] = Array(repeating: 0, count: 16)

  /// The bytes of a string.
  subscript(number: UInt32) -> [UInt8] { Array(bytes[range(number)]) }

  /// The number of a string, a new one where it is not there.
  mutating func number(of text: [UInt8]) -> UInt32 {
    var place = firstPlace(of: text[...])
    while places[place] != 0 {
      let number = places[place] - 1
      if bytes[range(number)].elementsEqual(text) { return number }
      place = (place + 1) & (places.count - 1)
    }
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    places[place] = UInt32(ends.count)
    if ends.count * 2 > places.count { rebuild() }
    return UInt32(ends.count - 1)
  }

  private func range(_ number: UInt32) -> Range<Int> {
    (number == 0 ? 0 : ends[Int(number) - 1])..<ends[Int(number)]
  }

  private func firstPlace(of text: ArraySlice<UInt8>) -> Int {
    var hasher = Hasher()
    // The pointer does not leave the closure.
    unsafe text.withUnsafeBytes { pointer in unsafe hasher.combine(bytes: pointer) }
    return hasher.finalize() & (places.count - 1)
  }

  private mutating func rebuild() {
    places = Array(repeating: 0, count: places.count * 2)
    for number in ends.indices {
      var place = firstPlace(of: bytes[range(UInt32(number))])
      while places[place] != 0 { place = (place + 1) & (places.count - 1) }
      places[place] = UInt32(number + 1)
    }
  }
}
