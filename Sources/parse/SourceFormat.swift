import Records

/// The shapes of line that parse reads.
enum SourceFormat: Equatable {
  case segment
  case json
  case combined
  case common
  case csv
  /// A source with a mapping that the program brings along.
  case mapped(BuiltInMap)

  /// All formats, those with a mapping last.
  static let all: [SourceFormat] =
    [.segment, .json, .combined, .common, .csv]
    + BuiltInMap.formats.map { .mapped($0) }

  /// The format of a name of `--from`.
  init?(name: String) {
    guard let format = SourceFormat.all.first(where: { $0.name == name }) else { return nil }
    self = format
  }

  /// What `--from` calls it.
  var name: String {
    switch self {
    case .segment: "segment"
    case .json: "json"
    case .combined: "combined"
    case .common: "common"
    case .csv: "csv"
    case .mapped(let map): map.name
    }
  }

  /// What it is, for people.
  var explanation: String {
    switch self {
    case .segment: "messages of the Segment spec"
    case .json: "JSON lines"
    case .combined: "an access log in combined format"
    case .common: "an access log in common format"
    case .csv: "comma-separated values with a header line"
    case .mapped(let map): map.source
    }
  }

  /// The mapping that it comes with.
  var map: BuiltInMap? {
    switch self {
    case .json: BuiltInMap(name: "json")
    case .mapped(let map): map
    default: nil
    }
  }
}
