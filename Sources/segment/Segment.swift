import Events
import Expressions
import Pipes
import Records

/// Who is this: names the segments that the person of each event is in.
struct Segment: Filter {
  private let slot: Int
  let annotates: Bool
  var annotator: Annotator
  var census: Census?
  private var json: [UInt8] = []

  init(_ arguments: Arguments, _ setup: inout Setup) throws(Failure) {
    let path = arguments.value("rules")
    guard path != nil || arguments.has("builtin") else {
      throw .usage(
        "segment needs --rules FILE, --builtin lifecycle,rfm,value,channel,device, or both; --help"
          + " shows what stands in a file")
    }
    let rules = try path.map { path throws(Failure) in try Rules(path, &setup) } ?? Rules()
    let isReport = arguments.has("populations")
    annotates = !isReport || setup.passes
    let ruleCount = rules.rules.count
    let known = try BuiltIns(arguments, &setup, first: ruleCount, ranksKnown: true)
    slot = setup.slot("segments")
    let reportsChanges = arguments.has("changes")
    if isReport {
      guard !reportsChanges else {
        throw .usage(
          "--changes tells what happens as events pass, --populations what is true at the end;"
            + " take one of them")
      }
      setup.useFingerprints()
      let ranked = try BuiltIns(arguments, &setup, first: ruleCount, ranksKnown: false)
      census = Census(rules, ranked, setup, isBrokenDown: !arguments.values("by").isEmpty)
    }
    annotator = Annotator(rules, known, setup.environment, reportsChanges: reportsChanges)
  }

  var isAggregator: Bool { census != nil }

  var asksForPersons: Bool { isAggregator || annotator.asksForPersons }

  func touch(_ person: UInt32) -> UInt64 { annotates ? annotator.touch(person) : 0 }

  var largestArrayBytes: Int {
    max(
      max(annotator.memory.largestArrayBytes, annotator.builtIns?.largestArrayBytes ?? 0),
      max(census?.memory.largestArrayBytes ?? 0, census?.builtIns?.largestArrayBytes ?? 0))
  }

  mutating func accept(
    _ event: Event, in block: Block, _ persons: Persons, into output: inout Output
  ) throws(RecordError) {
    if event.person != Persons.nobody {
      census?.take(event, in: block, into: &output)
      if annotates { annotator.take(event, in: block, persons, into: &output) }
    }
    if !isAggregator { pass(event, in: block, into: &output) }
  }

  /// The event with its segments.
  ///
  /// Names of another stage's rules stay before ours.
  private mutating func pass(_ event: Event, in block: Block, into output: inout Output) {
    if event.person != Persons.nobody, !block.fields[event.base + slot].isPresent,
      let brace = lastBrace(of: event, in: block.bytes.span)
    {
      return annotator.append(
        block.bytes.span, from: event.start, to: brace, into: &output.bytes)
    }
    json.removeAll(keepingCapacity: true)
    annotator.appendSegments(
      isSomebody: event.person != Persons.nobody, others: otherNames(event, in: block), to: &json)
    output.pass(event, in: block, with: "segments", at: slot, json: json)
  }

  /// Where a record's last brace stands, `nil` where a blank or another brace is next to it.
  private func lastBrace(of event: Event, in bytes: Span<UInt8>) -> Int? {
    let brace = event.end - 1
    guard bytes[brace] == ASCII.closeBrace, bytes[brace - 1] > ASCII.space,
      bytes[brace - 1] != ASCII.openBrace
    else { return nil }
    return brace
  }

  /// The names in the record's `segments` that are none of our rules', as JSON.
  private func otherNames(_ event: Event, in block: Block) -> [[UInt8]] {
    let bytes = block.bytes.span
    let field = block.fields[event.base + slot]
    guard field.kind(in: bytes) == .array else { return [] }
    var names: [[UInt8]] = []
    try? forEachElement(of: field, in: bytes) { element in
      guard element.kind(in: bytes) == .string else { return }
      let json = bytes.copy(from: element.start, to: element.end)
      if !annotator.hasSegment(json) { names.append(json) }
    }
    return names
  }

  mutating func link(
    _ link: Persons.Link, at moment: Moment, _ persons: Persons, into output: inout Output
  ) {
    census?.link(link)
    if annotates { annotator.link(link, at: moment, persons, into: &output) }
  }

  mutating func advance(to moment: Moment, _ persons: Persons, into output: inout Output) {
    annotator.advance(to: moment, persons, into: &output)
  }

  func forward(_ event: Event, counts: Bool, in block: Block, into output: inout Output) {
    guard counts else { return output.pass(event, in: block) }
    var json: [UInt8] = []
    annotator.appendSegments(
      isSomebody: event.person != Persons.nobody, others: otherNames(event, in: block), to: &json)
    output.pass(event, in: block, with: "segments", at: slot, json: json)
  }

  func report(_ run: Run, into output: inout Output) {
    census?.report(run, into: &output)
  }
}
