import Expressions
import Pipes
import Records

/// The rules that put traffic into channels: the first one that fits counts.
///
///     {"ruleSet": "2026-07-01", "rules": [
///       {"channel": "Direct", "when": "source == '(direct)' && medium in ['(not set)', '(none)']"}, …]}
///
/// A file says them, GA4's default channel group where `--channel-rules` names none. Conditions read
/// `source`, `medium` and `campaign` in small letters, and the `category` of the source: `search`,
/// `social`, `video`, `shopping`, `assistant`, or an empty text. The reference tells GA4's rules in
/// §4.1. They are asked once for each distinct source, medium and campaign.
struct ChannelRules: Sendable {
  /// What the rules look at, in small letters.
  struct Traffic {
    var source: [UInt8] = []
    var medium: [UInt8] = []
    var campaign: [UInt8] = []
    /// The kind of site that the source is.
    var category: SourceSites.Kind?
  }

  private struct Rule {
    /// The name of the channel as JSON.
    let channel: [UInt8]
    let condition: Expression
  }

  /// The name of the rule set as JSON: for the built-in ones the day of the rules and of the lists of
  /// sites.
  private let ruleSet: [UInt8]
  private var rules: [Rule] = []
  private var environment = Environment(zones: .system)
  private var scanner: Scanner
  private var fields: [Field]
  /// The traffic at hand as a line.
  private var line: [UInt8] = []

  private static let names = ["source", "medium", "campaign", "category"]
  private static let fileKeys = ["about", "ruleSet", "rules"]
  private static let ruleKeys = ["about", "channel", "when"]
  private static let unassigned = Array("\"Unassigned\"".utf8)

  /// GA4's rules.
  static func builtIn() throws(Failure) -> ChannelRules { try read.get() }

  private static let read = Result { () throws(Failure) in
    try ChannelRules(PackageResources.channels_json, file: "the built-in channel rules")
  }

  /// Reads a file of rules.
  ///
  /// - Throws: what is wrong, with file, line and column, and what may stand there.
  init(_ content: [UInt8], file path: String) throws(Failure) {
    let file = JSONFile(content, path: path)
    var ruleSet: [UInt8]?
    var list: Field?
    for pair in try file.members() {
      switch pair.name {
      case "about": break
      case "ruleSet":
        var json: [UInt8] = []
        json.append(jsonString: try file.string(pair.value, "the name or the date of the rules"))
        ruleSet = json
      case "rules": list = pair.value
      default: throw file.unknown(pair, among: ChannelRules.fileKeys)
      }
    }
    guard let ruleSet, let list else {
      throw file.failure(
        "channel rules need \"ruleSet\", their name or date, and \"rules\", a list", at: 0)
    }
    self.ruleSet = ruleSet
    for element in try file.elements(of: list, "\"rules\"") {
      rules.append(try ChannelRules.rule(file, element, &environment))
    }
    guard !rules.isEmpty else { throw file.failure("\"rules\" is empty", at: list.start) }
    scanner = Scanner(environment.selection, check: .structure)
    fields = Array(repeating: .absent, count: environment.selection.count)
  }

  private static func rule(
    _ file: JSONFile, _ element: Field, _ environment: inout Environment
  ) throws(Failure) -> Rule {
    var channel: [UInt8]?
    var condition: Expression?
    for pair in try file.members(of: element, "a rule") {
      switch pair.name {
      case "about": break
      case "channel":
        var json: [UInt8] = []
        json.append(jsonString: try file.string(pair.value, "the name of a channel"))
        channel = json
      case "when":
        let compiled = try file.expression(
          pair.value, "a condition like \"medium == 'email'\"", as: .condition, in: &environment)
        for slot in compiled.slots {
          let name = String(decoding: environment.selection.keys[slot], as: UTF8.self)
          guard names.contains(name) else {
            throw file.failure(
              "no '\(name)' here: a rule reads \(names.joined(separator: ", "))",
              at: pair.value.start)
          }
        }
        condition = compiled
      default: throw file.unknown(pair, among: ruleKeys)
      }
    }
    guard let channel, let condition else {
      throw file.failure("a rule needs \"channel\" and \"when\"", at: element.start)
    }
    return Rule(channel: channel, condition: condition)
  }

  /// The number of the first rule that fits, counted from 1; 0 for none.
  mutating func rule(for traffic: Traffic) -> Int {
    line.removeAll(keepingCapacity: true)
    let category = Array((traffic.category?.rawValue ?? "").utf8)
    let values = [traffic.source, traffic.medium, traffic.campaign, category]
    for (name, value) in zip(ChannelRules.names, values) {
      line.append(line.isEmpty ? ASCII.openBrace : ASCII.comma)
      line.append(jsonString: name)
      line.append(ASCII.colon)
      line.append(jsonString: value.span, from: 0, to: value.count)
    }
    line.append(ASCII.closeBrace)
    line.append(ASCII.newline)
    line.append(contentsOf: repeatElement(0, count: Scanner.paddingBytes))
    // A second reference: the span of one property may not be held while another one changes.
    let line = line
    guard let end = try? scanner.scan(line.span, from: 0, into: &fields, at: 0).end else {
      return 0
    }
    let place = EventPlace(start: 0, end: end, base: 0, time: .distantPast)
    var failures = 0
    let index = rules.firstIndex {
      $0.condition.holds(place, fields: fields, in: line.span, failures: &failures)
    }
    return index.map { $0 + 1 } ?? 0
  }

  /// Writes the channel of a rule: `"channel":"Paid Search"`.
  func appendChannel(_ rule: Int, to json: inout [UInt8]) {
    json.append("\"channel\":")
    json.append(contentsOf: rule == 0 ? ChannelRules.unassigned : rules[rule - 1].channel)
  }

  /// Writes the number of a rule and the name of the rule set.
  func appendRule(_ rule: Int, to json: inout [UInt8]) {
    json.append("\"rule\":")
    json.append(rule == 0 ? "null" : rule.description)
    json.append(",\"ruleSet\":")
    json.append(contentsOf: ruleSet)
  }
}
