/// The mapping files that the program brings along.
enum BuiltInMap: String, CaseIterable {
  case json

  /// The bytes of the file.
  var content: [UInt8] {
    switch self {
    case .json: PackageResources.json_json
    }
  }
}
