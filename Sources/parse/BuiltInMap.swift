import Expressions
import Pipes
import Records

/// A mapping file that the program brings along: a format that is data.
struct BuiltInMap: Equatable, Sendable {
  /// Its place among ``files``.
  private let number: Int

  /// A file of Resources is a mapping by its line here; ParseTests say which is missing.
  private static let files = [
    File("amplitude", PackageResources.amplitude_json),
    File("cloudevents", PackageResources.cloudevents_json),
    File("ga4", PackageResources.ga4_json),
    File("json", PackageResources.json_json),
    File("mailgun", PackageResources.mailgun_json),
    File("matomo", PackageResources.matomo_json),
    File("mixpanel", PackageResources.mixpanel_json),
    File("optimizely", PackageResources.optimizely_json),
    File("posthog", PackageResources.posthog_json),
    File("postmark", PackageResources.postmark_json),
    File("salesforce", PackageResources.salesforce_json),
    File("sendgrid", PackageResources.sendgrid_json),
    File("shopify", PackageResources.shopify_json),
    File("snowplow", PackageResources.snowplow_json),
    File("survey", PackageResources.survey_json),
    File("woocommerce", PackageResources.woocommerce_json),
    File("zendesk", PackageResources.zendesk_json),
  ]

  private struct File: Sendable {
    let name: String
    let content: @Sendable () -> [UInt8]

    init(_ name: String, _ content: @autoclosure @escaping @Sendable () -> [UInt8]) {
      self.name = name
      self.content = content
    }
  }

  /// All of them.
  static let all = files.indices.map { BuiltInMap(number: $0) }
  /// Those that are a format of their own; `json` is for lines of any shape.
  static let formats = all.filter { $0.name != "json" }

  private init(number: Int) { self.number = number }

  /// The one of a name.
  init?(name: String) {
    guard let number = BuiltInMap.files.firstIndex(where: { $0.name == name }) else { return nil }
    self.number = number
  }

  /// What `--from` calls the format.
  var name: String { BuiltInMap.files[number].name }

  /// The bytes of the file.
  var content: [UInt8] { BuiltInMap.files[number].content() }

  /// The mapping.
  func mapping() throws(Failure) -> Mapping { try Mapping(content, file: fileName) }

  /// What messages call the file.
  private var fileName: String { "the built-in mapping \(name)" }

  /// What the source is, for people.
  var source: String {
    let file = JSONFile(content, path: fileName)
    guard let about = member("about", of: file), let text = try? file.string(about, "a text") else {
      return name
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

  /// The formats that a first line, with padding behind it, may be of by their files.
  static func detected(by line: [UInt8]) -> [BuiltInMap] {
    zip(formats, detections).filter { $1?.holds(for: line) ?? false }.map(\.0)
  }

  /// What ``formats`` say of first lines, compiled when the first one is looked at.
  private static let detections = formats.map { map -> Mapping.Detection? in
    let file = JSONFile(map.content, path: map.fileName)
    return map.member("detect", of: file).flatMap { try? Mapping.detection(in: file, $0) }
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
