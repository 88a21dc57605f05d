import Pipes
import Statistics

/// A family of segments that needs no rules: a person is in one of them at most.
///
///     segment --builtin lifecycle,channel        "segments":["lifecycle:returning","channel:web"]
enum BuiltIn: String, CaseIterable, Sendable {
  case lifecycle
  case rfm
  case value
  case channel
  case device

  /// The names of its segments behind the family's, in their order.
  var names: [String] {
    switch self {
    case .lifecycle: Lifecycle.Stage.allCases.map(\.rawValue)
    case .rfm: RFM.Group.allCases.map(\.segmentName)
    case .value: ValueTier.allCases.map(\.rawValue)
    case .channel: ChannelAffinity.names
    case .device: DeviceClass.allCases.map(\.rawValue)
    }
  }

  /// Reads what `--builtin` says: families with commas between them, in the order of this list.
  static func chosen(_ arguments: Arguments) throws(Failure) -> [BuiltIn] {
    guard let text = arguments.value("builtin") else { return [] }
    var chosen: [BuiltIn] = []
    let known = allCases.map(\.rawValue)
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let builtIn = BuiltIn(rawValue: String(word)) else {
        let hint = suggestion(for: String(word), among: known)
        throw .usage("--builtin takes \(known.joined(separator: ", ")), not '\(word)'\(hint)")
      }
      guard !chosen.contains(builtIn) else { throw .usage("--builtin names '\(word)' twice") }
      chosen.append(builtIn)
    }
    return allCases.filter(chosen.contains)
  }
}

extension RFM.Group {
  /// The name as that of a segment: `at-risk`.
  var segmentName: String {
    String(name.description.lowercased().map { $0 == " " ? "-" : $0 })
  }
}
