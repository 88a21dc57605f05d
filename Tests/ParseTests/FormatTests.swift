import Foundation
import TestSupport
import Testing

/// Lines that are no messages yet: access logs, tables, JSON through a mapping.
@Suite struct FormatTests {
  static let log =
    #"1.2.3.4 - - [17/May/2015:10:05:03 +0200] "GET /a?b=\"1\" HTTP/1.1" 200 512 "-" "UA \"x\" \xc3\xa9""#

  @Test func accessLogLine() throws {
    let outcome = try parse(["--from", "combined"], Self.log + "\n")
    #expect(
      outcome.text.replacing(/"anonymousId":"[0-9a-f]{16}"/, with: "\"anonymousId\":\"…\"")
        == #"{"event":"Page Viewed","anonymousId":"…","timestamp":"2015-05-17T08:05:03.000Z","channel":"web","trafficSource":"#
        + direct
        + #","type":"page","properties":{"method":"GET","status":200,"bytes":512,"protocol":"HTTP/1.1"},"context":{"page":{"url":"/a?b=\"1\"","path":"/a","search":"?b=\"1\""},"ip":"1.2.3.4","userAgent":"UA \"x\" é"}}"#
        + "\n")
    #expect(outcome.errorText.contains("1 lines read = 1 used"))
  }

  @Test func whatARequestIs() throws {
    let cases = [
      ("GET /logo.PNG HTTP/1.1", 200, "Asset Requested"),
      ("GET /a.css?v=1 HTTP/1.1", 304, "Asset Requested"),
      ("GET /v1.2/list HTTP/1.1", 200, "Page Viewed"),
      ("GET /index.html HTTP/1.1", 200, "Page Viewed"),
      ("GET /logo.png HTTP/1.1", 404, "Request Failed"), ("-", 408, "Request Failed"),
    ]
    for (request, status, event) in cases {
      let line = "h - ada [17/May/2015:10:05:03 +0000] \"\(request)\" \(status) -\n"
      let outcome = try parse(["--from", "common"], line)
      #expect(outcome.text.hasPrefix("{\"event\":\"\(event)\",\"userId\":\"ada\""), "\(request)")
    }
  }

  @Test func visitors() throws {
    let day = Self.log.replacingOccurrences(of: "17/May", with: "18/May")
    let text =
      [Self.log, day, Self.log + " \"c=1\"", "5" + Self.log].joined(separator: "\n") + "\n"
    func ids(_ visitor: String) throws -> [String] {
      try parse(["--from", "combined", "--visitor", visitor], text).lines.map {
        try object($0)["anonymousId"] as? String ?? ""
      }
    }
    let agents = try ids("agent")
    #expect(agents[0] == agents[1] && agents[1] == agents[2] && agents[2] != agents[3])
    let days = try ids("day")
    #expect(days[0] != days[1] && days[0] == days[2])
    #expect(try ids("cookie") == [agents[0], agents[0], "c=1", agents[3]])
  }

  static let badLines: [(line: String, rejection: String)] = [
    ("1.2.3.4 -", "1:10: bad log line: expected the user, mostly '-'"),
    (
      "h - - [17/Mai/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
      "1:8: bad time: neither RFC 3339 nor an epoch number nor a log date"
    ),
    (
      "h - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1",
      "1:58: bad log line: expected the referrer in quotes"
    ),
    (
      "h - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" OK 1 \"-\" \"-\"",
      "1:53: bad log line: the status is no number of three digits"
    ),
    (
      "h - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 99999999999999999999 1 \"-\" \"-\"",
      "1:53: bad log line: the status is no number of three digits"
    ),
    (
      "h - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"torn",
      "1:63: bad log line: the user agent in quotes begins here and does not end"
    ),
  ]

  @Test(arguments: badLines.indices) func badLine(_ index: Int) throws {
    let (line, rejection) = Self.badLines[index]
    #expect(try rejections(["--from", "combined"], line + "\n") == [rejection])
  }

  @Test func table() throws {
    let text = """
      event,userId,timestamp,properties.note,properties.n
      "Order, Completed",u1,2026-01-01T00:00:00Z,"a ""b""
      c",1\r
      B,u2,2026-01-01T00:00:01Z,,
      C,u3
      D,u4,2026-01-01,"",5
      E,u5,2026-01-01T00:00:01Z,x"y,6
      F,u6,2026-01-01T00:00:01Z,"open
      """
    let outcome = try parse(["--from", "csv"], text + "\n")
    #expect(outcome.lines.count == 2)
    #expect(outcome.lines[0].hasSuffix(#""properties":{"note":"a \"b\"\nc","n":"1"}}"#))
    #expect(
      outcome.lines[1].hasPrefix(
        #"{"event":"B","userId":"u2","timestamp":"2026-01-01T00:00:01.000Z","#))
    #expect(outcome.lines[1].hasSuffix("}}") == false || !outcome.lines[1].contains("properties"))
    #expect(outcome.errorText.contains("8 lines read = 3 used + 4 rejected"))
    #expect(
      try rejections(["--from", "csv"], text + "\n") == [
        "5:5: bad CSV: fewer fields than the header has columns",
        "6:6: bad time: no time zone in it; --time-zone NAME says which is meant",
        "7:28: bad CSV: a quote within a field that is not quoted",
        "8:1: bad CSV: the input ends within a quoted field",
      ])
  }

  @Test func mapping() throws {
    let map = """
      {"when": "kind != \\"debug\\"",
       "fields": {"event": "what", "userId": ["user.id", "uid"], "timestamp": "at",
        "channel": {"value": "shop"}, "properties.price": {"from": "price", "as": "number"},
        "properties.total": {"cel": "double(price) * n"}},
       "events": {"buy": "Order Completed", "ping": null},
       "time": {"zone": "Europe/Berlin", "unit": "milliseconds"}}
      """
    let text = """
      {"what":"buy","user":{"id":"u1"},"at":0,"price":"1.50","n":2.0,"size":"L"}
      {"what":"buy","uid":"u2","at":"2026-07-01 12:00:00","price":"x"}
      {"what":"ping","uid":"u2","at":1767225600000}
      {"what":"buy","kind":"debug"}
      {"what":"other","uid":"u2","at":1767225600000}
      {"what":7,"uid":"u2","at":1767225600000}
      """
    try withFile(map) { file in
      let outcome = try parse(["--map", file, "--not-before", "1970-01-01"], text + "\n")
      let lines = outcome.lines.map {
        $0.replacingOccurrences(of: ",\"trafficSource\":\(direct)", with: "")
      }
      #expect(
        lines == [
          #"{"event":"Order Completed","userId":"u1","timestamp":"1970-01-01T00:00:00.000Z","channel":"shop","properties":{"price":1.50,"total":3,"n":2.0,"size":"L"}}"#
            .replacingOccurrences(of: ",\"n\":2.0", with: ""),
          #"{"event":"Order Completed","userId":"u2","timestamp":"2026-07-01T10:00:00.000Z","channel":"shop","properties":{"price":"x"}}"#,
          #"{"event":"other","userId":"u2","timestamp":"2026-01-01T00:00:00.000Z","channel":"shop"}"#,
        ])
      #expect(
        outcome.errorText.contains(
          "6 lines read = 3 used + 1 rejected + 0 duplicates + 0 filtered + 2 skipped"))
      #expect(
        try rejections(["--map", file], text + "\n").last == "6:9: no event name: event is no text")
    }
  }

  /// A mapping file and what is said of it, its name left out.
  static let badMaps: [(map: String, message: String)] = [
    ("{\"fields\":\n {\"event\" \"a\"}}", "2:11: invalid JSON: expected ':' after the key"),
    ("[1]", "1:1: invalid JSON: the file is one object, {…}"),
    ("{\n}", "1:1: no \"fields\""),
    (
      "{\n  \"feilds\": {}}",
      "2:3: unknown key 'feilds'; known are about, detect, when, fields, events, rest, lists, time, table, hash, shapes, emit, skip; did you mean 'fields'?"
    ),
    (
      "{\"fields\":{\"a\":1}}",
      "1:16: a field is a path like \"user.id\", a list of paths, or an object"
    ),
    (
      "{\"fields\":{\"a..b\":\"c\"}}", "1:12: 'a..b' is no path: write names with dots between them"
    ),
    ("{\"fields\":{\"a\":\"b\",\"a.c\":\"d\"}}", "1:20: 'a.c' is written by another field already"),
    (
      "{\"fields\":{\"a\":{\"as\":\"float\",\"from\":\"b\"}}}",
      "1:22: \"as\" is one of number, string, negative, cents, not 'float'"
    ),
    ("{\"fields\":{\"a\":{\"cel\":\"1 +\"}}}", "1:27: the expression ends"),
    ("{\"fields\":{},\"time\":{\"zone\":\"Nowhere\"}}", "1:29: no time zone 'Nowhere'"),
    ("{\"fields\":{},\"events\":{\"a\":1}}", "1:28: expected the name of an event, or null"),
    ("{\"shapes\":[]}", "1:11: \"shapes\" is empty"),
    (
      "{\"shapes\":[{\"fields\":{\"a\":\"b\"},\n\"each\":1}]}",
      "2:1: unknown key 'each'; known are about,"
    ),
    ("{\"when\":\"true\",\"shapes\":[]}", "1:2: \"when\" stands in each of the \"shapes\""),
    ("{\"emit\":[{\"each\":{},\"fields\":{}}]}", "1:18: \"each\" names an element and where"),
    ("{\"lists\":{\"p\":{\"key\":\"k\"}}}", "1:11: a list needs \"from\", the path of an array"),
    (
      "{\"lists\":{\"p\":{\"from\":\"q\"}},\"fields\":{\"a\":\"p\"}}",
      "1:43: 'p' is a list of keys and values: 'p.KEY' is the value of one"
    ),
    ("{\"fields\":{\"a\":{\"text\":\"x{id\"}}}", "1:24: a '{' is not closed in the text"),
    ("{\"fields\":{\"a\":{\"from\":\"b\",\"sum\":\"c\"}}}", "1:28: \"sum\" goes with \"each\""),
    ("{\"fields\":{\"a\":{\"text\":\"b\",\"cel\":\"c\"}}}", "1:16: a field needs one of \"from\""),
    (
      "{\"fields\":{\"a\":{\"each\":{\"b\":\"c\"}}}}", "1:17: \"each\" needs \"fields\", for a list"
    ),
    ("{\"fields\":{\"a\":{\"text\":\"b\",\"as\":\"number\"}}}", "1:28: \"as\" goes with \"from\""),
    (
      "{\"table\":{\"columns\":[\"a\",\"a\"]},\"fields\":{}}",
      "1:26: a column needs a name of its own"
    ),
    ("{\"table\":{\"columns\":[\"a\"],\"json\":[\"b\"]}}", "1:35: no column is named 'b'"),
    ("{\"detect\":\"has(a)\",\"fields\":{}}", "1:12: "),
    (
      "{\"fields\":{},\"rest\":\"keep\"}",
      "1:21: \"rest\" is one of properties, top, drop, not 'keep'"
    ),
  ]

  @Test(arguments: badMaps.indices) func badMap(_ index: Int) throws {
    let (map, message) = Self.badMaps[index]
    try withFile(map) { file in
      let outcome = try parse(["--map", file], "")
      #expect(outcome.status == 64)
      #expect(outcome.errorText.contains("\(file):\(message)"), "\(outcome.errorText)")
    }
  }

  /// Lists that go through each other end, and nothing of the line is written.
  @Test func listsWithinEachOtherAreBounded() throws {
    let each = #"{"a":"l","b":"l","c":"l"}"#
    try withFile(
      #"{"emit":[{"each":\#(each),"when":"false","fields":{"event":"e"}}]}"#
    ) { file in
      let numbers = (0..<200).map(String.init).joined(separator: ",")
      #expect(
        try rejections(["--map", file], "{\"l\":[\(numbers)]}\n") == [
          "1:1: more than 1000000 elements of lists to go through for one line"
        ])
      let outcome = try parse(["--map", file], "{\"l\":[1,2,3]}\n")
      #expect(outcome.errorText.contains("1 skipped + 0 blank"))
    }
  }

  @Test func builtInMapIsPrintedAndReads() throws {
    let printed = try parse(["--print-map", "json"], "").text
    try withFile(printed) { file in
      let line =
        #"{"event_name":"A","user_id":1,"ts":1573470087,"page_url":"https://a.org/?gclid=x"}"#
      let mapped = try parse(["--map", file], line + "\n").text
      #expect(mapped == (try parse(["--from", "json"], line + "\n").text))
      #expect(
        mapped.contains(
          #""context":{"page":{"url":"https://a.org/?gclid=x"},"campaign":{"gclid":"x"}}"#))
    }
  }
}
