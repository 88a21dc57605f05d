/// Sets of code points by the names that patterns call them: `\pL`, `\p{Greek}`, `\d`, `[:alpha:]`.
enum NamedCodePoints {
  /// The code points of a general category, of its group, of a script, or `Any`.
  ///
  /// General categories come from the standard library, scripts from ``scriptTable``.
  static func unicode(_ name: String) -> CodePointSet? {
    if name == "Any" { return .all }
    if categoryNames.contains(name) {
      return CodePointSet(categoryRuns.filter { $0.category.hasPrefix(name) }.map(\.range))
    }
    return scripts[name].map { CodePointSet($0) }
  }

  /// All names that ``unicode(_:)`` knows, for suggestions.
  static var unicodeNames: [String] { categoryNames + scripts.keys.sorted() }

  /// `\d`, `\s`, `\w` by their letter; ASCII alone, as RE2 has them.
  static func perl(_ letter: UInt8) -> CodePointSet? {
    switch letter {
    case UInt8(ascii: "d"): CodePointSet([0x30...0x39])
    case UInt8(ascii: "s"): CodePointSet([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
    case UInt8(ascii: "w"): word
    default: nil
    }
  }

  /// The letters, digits and the underscore of ASCII.
  static let word = CodePointSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])

  /// The classes that POSIX names between `[:` and `:]`.
  static let posix: [String: CodePointSet] = [
    "alnum": CodePointSet([0x30...0x39, 0x41...0x5A, 0x61...0x7A]),
    "alpha": CodePointSet([0x41...0x5A, 0x61...0x7A]),
    "ascii": CodePointSet([0x00...0x7F]),
    "blank": CodePointSet([0x09...0x09, 0x20...0x20]),
    "cntrl": CodePointSet([0x00...0x1F, 0x7F...0x7F]),
    "digit": CodePointSet([0x30...0x39]),
    "graph": CodePointSet([0x21...0x7E]),
    "lower": CodePointSet([0x61...0x7A]),
    "print": CodePointSet([0x20...0x7E]),
    "punct": CodePointSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]),
    "space": CodePointSet([0x09...0x0D, 0x20...0x20]),
    "upper": CodePointSet([0x41...0x5A]),
    "word": word,
    "xdigit": CodePointSet([0x30...0x39, 0x41...0x46, 0x61...0x66]),
  ]

  /// The general categories and their groups; what is not assigned has none.
  private static let categoryNames = [
    "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N",
    "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So",
    "Z", "Zl", "Zp", "Zs",
  ]

  /// Neighbours of one general category, all code points that are assigned.
  ///
  /// Made once for the process, when the first pattern asks: about 20 ms.
  private static let categoryRuns = makeCategoryRuns()

  private static func makeCategoryRuns() -> [(category: String, range: ClosedRange<UInt32>)] {
    var runs: [(category: String, range: ClosedRange<UInt32>)] = [("Cs", 0xD800...0xDFFF)]
    var current = Unicode.GeneralCategory.unassigned
    var start: UInt32 = 0
    func close(before end: UInt32) {
      if let name = abbreviation(current) { runs.append((name, start...end - 1)) }
    }
    for codePoint in 0...CodePointSet.last {
      let category = Unicode.Scalar(codePoint)?.properties.generalCategory ?? .unassigned
      if category != current {
        close(before: codePoint)
        (current, start) = (category, codePoint)
      }
    }
    close(before: CodePointSet.last + 1)
    return runs
  }

  private static func abbreviation(_ category: Unicode.GeneralCategory) -> String? {
    switch category {
    case .control: "Cc"
    case .format: "Cf"
    case .privateUse: "Co"
    case .surrogate: "Cs"
    case .lowercaseLetter: "Ll"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .titlecaseLetter: "Lt"
    case .uppercaseLetter: "Lu"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .nonspacingMark: "Mn"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .closePunctuation: "Pe"
    case .finalPunctuation: "Pf"
    case .initialPunctuation: "Pi"
    case .otherPunctuation: "Po"
    case .openPunctuation: "Ps"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .mathSymbol: "Sm"
    case .otherSymbol: "So"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .spaceSeparator: "Zs"
    case .unassigned: nil
    @unknown default: nil
    }
  }

  /// The ranges of each script, read from ``scriptTable``.
  private static let scripts = readScripts()

  private static func readScripts() -> [String: [ClosedRange<UInt32>]] {
    var scripts: [String: [ClosedRange<UInt32>]] = [:]
    var name = ""
    for word in scriptTable.split(whereSeparator: \.isWhitespace) {
      let bounds = word.split(separator: "-").compactMap { UInt32($0, radix: 16) }
      // Names have a small letter, which no hexadecimal number here has.
      guard !word.contains(where: \.isLowercase), let first = bounds.first, let last = bounds.last
      else {
        name = String(word)
        continue
      }
      scripts[name, default: []].append(first...last)
    }
    return scripts
  }
}
