import Expressions
import Pipes
import Records

/// The mapping files that the program brings along, one for each format that is data.
enum BuiltInMap: String, CaseIterable {
  case amplitude
  case cloudevents
  case ga4
  case json
  case mailgun
  case matomo
  case mixpanel
  case optimizely
  case posthog
  case postmark
  case salesforce
  case sendgrid
  case shopify
  case snowplow
  case survey
  case woocommerce
  case zendesk

  /// The bytes of the file.
  var content: [UInt8] {
    switch self {
    case .amplitude: PackageResources.amplitude_json
    case .cloudevents: PackageResources.cloudevents_json
    case .ga4: PackageResources.ga4_json
    case .json: PackageResources.json_json
    case .mailgun: PackageResources.mailgun_json
    case .matomo: PackageResources.matomo_json
    case .mixpanel: PackageResources.mixpanel_json
    case .optimizely: PackageResources.optimizely_json
    case .posthog: PackageResources.posthog_json
    case .postmark: PackageResources.postmark_json
    case .salesforce: PackageResources.salesforce_json
    case .sendgrid: PackageResources.sendgrid_json
    case .shopify: PackageResources.shopify_json
    case .snowplow: PackageResources.snowplow_json
    case .survey: PackageResources.survey_json
    case .woocommerce: PackageResources.woocommerce_json
    case .zendesk: PackageResources.zendesk_json
    }
  }

  /// The mapping.
  func mapping() throws(Failure) -> Mapping { try Mapping(content, file: fileName) }

  /// What messages call the file.
  private var fileName: String { "the built-in mapping \(rawValue)" }

  /// What the source is, for people.
  var source: String {
    let file = JSONFile(content, path: fileName)
    guard let about = member("about", of: file), let text = try? file.string(about, "a text") else {
      return rawValue
    }
    let end = [":", ",", " (", ". "].compactMap { text.firstRange(of: $0)?.lowerBound }.min()
    return String(text[..<(end ?? text.endIndex)])
  }

  /// How lines that are no JSON are divided, `nil` where the file does not say.
  var layout: TableLayout? {
    let file = JSONFile(content, path: fileName)
    guard let table = member("table", of: file) else { return nil }
    var compiler = MappingCompiler(file)
    try? compiler.readTable(table)
    return compiler.draft.layout
  }

  /// Whether the file says that a line, with padding behind it, is of this source.
  func detects(_ line: [UInt8]) -> Bool {
    let file = JSONFile(content, path: fileName)
    guard let field = member("detect", of: file),
      let detection = try? Mapping.detection(in: file, field)
    else { return false }
    return detection.holds(for: line)
  }

  private func member(_ name: String, of file: JSONFile) -> Field? {
    (try? file.members())?.first { $0.name == name }?.value
  }
}

extension Mapping.Detection {
  /// Whether the condition is true for a line with padding behind it.
  func holds(for line: [UInt8]) -> Bool {
    var scanner = Scanner(environment.selection, check: .structure)
    var fields = [Field](repeating: .absent, count: environment.selection.count)
    guard let scanned = try? scanner.scan(line.span, from: 0, into: &fields, at: 0) else {
      return false
    }
    let place = EventPlace(start: 0, end: scanned.end, base: 0, time: .distantPast)
    var failures = 0
    return condition.holds(place, fields: fields, in: line.span, failures: &failures)
  }
}
