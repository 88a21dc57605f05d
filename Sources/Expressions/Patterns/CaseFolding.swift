/// Letters that differ in case alone: `k`, `K` and the Kelvin sign.
///
/// Made of the one-letter case mappings of the standard library, which gives the simple case
/// foldings of Unicode: letters are variants of each other when they have the same lower case of
/// their upper case. The dotless and the dotted i of Turkish are nobody's variants.
/// Source: Unicode CaseFolding.txt, status C and S; RE2 does the same.
enum CaseFolding {
  /// The letters that have variants, ascending.
  private static let letters: [UInt32] = groups.map { $0.letter }
  /// Each such letter with its variants.
  private static let groups: [(letter: UInt32, variants: [UInt32])] = makeGroups()
  /// Behind the last letter that has a case.
  private static let end: UInt32 = 0x1E944

  /// Adds the variants of the letters in a range to ranges.
  static func appendVariants(
    of range: ClosedRange<UInt32>, to ranges: inout [ClosedRange<UInt32>]
  ) {
    if range.upperBound < 0x80 { return appendASCIIVariants(of: range, to: &ranges) }
    var (low, high) = (0, letters.count)
    while low < high {
      let middle = (low + high) / 2
      if letters[middle] < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    while low < letters.count, letters[low] <= range.upperBound {
      for variant in groups[low].variants { ranges.append(variant...variant) }
      low += 1
    }
  }

  /// The same for ASCII, without the table, which most patterns never need.
  private static func appendASCIIVariants(
    of range: ClosedRange<UInt32>, to ranges: inout [ClosedRange<UInt32>]
  ) {
    for letter in range {
      let lower = letter | 0x20
      guard lower >= 0x61, lower <= 0x7A else { continue }
      let other = letter ^ 0x20
      ranges.append(other...other)
      if lower == 0x6B { ranges.append(0x212A...0x212A) }
      if lower == 0x73 { ranges.append(0x17F...0x17F) }
    }
  }

  private static func makeGroups() -> [(letter: UInt32, variants: [UInt32])] {
    var members: [UInt32: [UInt32]] = [:]
    for codePoint in 0..<end {
      guard let scalar = Unicode.Scalar(codePoint), codePoint != 0x130, codePoint != 0x131 else {
        continue
      }
      let properties = scalar.properties
      guard
        properties.changesWhenUppercased || properties.changesWhenLowercased
          || properties.changesWhenTitlecased
      else { continue }
      let upper = single(properties.uppercaseMapping) ?? scalar
      let lower = single(upper.properties.lowercaseMapping) ?? upper
      members[lower.value, default: []].append(codePoint)
    }
    return members.values.flatMap { group in
      group.map { letter in (letter, group.filter { $0 != letter }) }
    }.filter { !$0.1.isEmpty }.sorted { $0.0 < $1.0 }
  }

  private static func single(_ mapping: String) -> Unicode.Scalar? {
    let scalars = mapping.unicodeScalars
    return scalars.count == 1 ? scalars.first : nil
  }
}
