import Foundation
import TestSupport
import Testing

/// Data that nobody of this project wrote.
@Suite struct DataTests {
  @Test(.enabled(if: Programs.hasShared("data/logs/apache_logs")))
  func accessLog() throws {
    let data = try Programs.sharedData("data/logs/apache_logs")
    let outcome = try Programs.run("parse", ["--from", "combined"], input: data)
    let addresses = try outcome.lines.map { line in
      (try object(line)["context"] as? [String: Any])?["ip"] as? String ?? ""
    }
    #expect(addresses.count == 9999)
    #expect(Set(addresses).count == 1753)
    #expect(outcome.errorText.contains("10000 lines read = 9999 used + 1 rejected + 0 duplicates"))
    let rejected = try rejections(["--from", "combined"], data)
    #expect(rejected.count == 1)
    #expect(rejected[0].hasSuffix("the user agent in quotes begins here and does not end"))
    #expect(rejected[0].hasPrefix("8899:1"))
  }

  @Test(.enabled(if: Programs.hasShared("data/events/segment_spec_events.ndjson")))
  func segmentMessages() throws {
    let data = try Programs.sharedData("data/events/segment_spec_events.ndjson")
    let outcome = try Programs.run("parse", [], input: data)
    #expect(
      outcome.errorText.contains("1637 lines read = 1412 used + 225 rejected + 0 duplicates"))
    #expect(try Programs.run("parse", [], input: outcome.output).output == outcome.output)
    let reasons = Dictionary(grouping: try rejections([], data)) { line in
      line.split(separator: ":", maxSplits: 2)[2].trimmingCharacters(in: .whitespaces)
    }.mapValues(\.count)
    #expect(
      reasons == [
        "no time": 158, "no event name": 30, "no event name: event is empty": 5,
        "no event name: event is no text": 4,
        "bad time: no time zone in it; --time-zone NAME says which is meant": 14,
        "bad time: neither RFC 3339 nor an epoch number nor a log date": 14,
      ])
    // What a message had, it has; of both ids neither is lost.
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    let both = try lines.filter { line in
      let message = try object(line)
      return hasId(message["userId"]) && hasId(message["anonymousId"])
    }
    #expect(both.count == 802)
    let kept = try outcome.lines.filter {
      Set(try object($0).keys).isSuperset(of: ["userId", "anonymousId"])
    }
    #expect(kept.count == 1036)
    let unlinked = try Programs.run("parse", ["--no-link"], input: data).lines.filter {
      Set(try object($0).keys).isSuperset(of: ["userId", "anonymousId"])
    }
    #expect(unlinked.count == 737)
  }

  private func hasId(_ value: Any?) -> Bool {
    if let text = value as? String { return !text.isEmpty }
    return value is NSNumber
  }

  @Test(.enabled(if: Programs.hasShared("data/shop/ecom_events.ndjson")))
  func shop() throws {
    let map = Programs.root.appendingPathComponent("examples/maps/ecom.json").path
    let data = try Programs.sharedData("data/shop/ecom_events.ndjson")
    let outcome = try Programs.run("parse", ["--map", map], input: data)
    #expect(outcome.lines.count == 31_106)
    #expect(
      outcome.lines[0].hasPrefix(
        #"{"event":"home","userId":"user_0000","timestamp":"2024-03-13T10:21:14.000Z","#))
  }

  /// What `parse` says of a source's own rows, unwrapped; the number of rejected lines by reason.
  private func run(
    _ path: String, unwrapping keys: [String],
    where isWanted: ([String: Any]) -> Bool = { _ in true },
    _ arguments: [String]
  ) throws -> (outcome: Outcome, reasons: [String: Int]) {
    let text = String(decoding: try Programs.sharedData(path), as: UTF8.self)
    var input = Data()
    for line in text.split(separator: "\n") {
      let row = try object(String(line))
      guard isWanted(row) else { continue }
      let inner: Any = keys.compactMap { row[$0] }.first ?? row
      input += try JSONSerialization.data(withJSONObject: inner, options: .withoutEscapingSlashes)
      input += Data("\n".utf8)
    }
    let outcome = try Programs.run("parse", arguments, input: input)
    expectBalance(outcome)
    let reasons = Dictionary(grouping: try rejections(arguments, input)) { line in
      line.split(separator: ":", maxSplits: 2)[2].trimmingCharacters(in: .whitespaces)
    }
    return (outcome, reasons.mapValues(\.count))
  }

  private func names(_ outcome: Outcome) throws -> [String: Int] {
    Dictionary(grouping: try outcome.lines.map { try object($0)["event"] as? String ?? "" }) { $0 }
      .mapValues(\.count)
  }

  /// The first line of each provider names its format.
  @Test(.enabled(if: Programs.hasShared("data/events/email_webhooks.ndjson")))
  func emailWebhooks() throws {
    let path = "data/events/email_webhooks.ndjson"
    func run(_ provider: String) throws -> (outcome: Outcome, reasons: [String: Int]) {
      let made = try self.run(
        path, unwrapping: ["payload"], where: { $0["_provider"] as? String == provider }, [])
      #expect(made.outcome.errorText.contains("(--from \(provider))\n"))
      return made
    }
    let sendgrid = try run("sendgrid")
    #expect(sendgrid.reasons.isEmpty)
    #expect(
      try names(sendgrid.outcome) == [
        "Email Sent": 1, "Email Delivered": 2, "Email Dropped": 3, "Email Bounced": 1,
        "Email Deferred": 1, "Email Opened": 1, "Email Link Clicked": 1,
      ])
    // Six of Mailgun's and one of Postmark's are cut down to what another program reads of them.
    let mailgun = try run("mailgun")
    #expect(mailgun.reasons == ["no time": 6])
    #expect(try names(mailgun.outcome) == ["Email Link Clicked": 1])
    let postmark = try run("postmark")
    #expect(postmark.reasons == ["no time": 1])
    #expect(
      try names(postmark.outcome) == [
        "Email Bounced": 1, "Email Delivered": 1, "Email Opened": 1, "Email Link Clicked": 1,
        "Email Marked as Spam": 1, "Unsubscribed": 2, "Subscribed": 1,
      ])
  }

  @Test(.enabled(if: Programs.hasShared("data/events/shopify_objects.ndjson")))
  func shopifyObjects() throws {
    let path = "data/events/shopify_objects.ndjson"
    let (outcome, reasons) = try run(path, unwrapping: ["object"], ["--from", "shopify"])
    // A refund that is only being calculated has no date.
    #expect(reasons == ["no time": 1])
    #expect(
      try names(outcome) == [
        "Order Completed": 2, "Order Refunded": 1, "Checkout Started": 1, "Identified": 3,
      ])
    #expect(outcome.text.contains(#""revenue":409.94"#))
    #expect(outcome.text.contains(#""revenue":-209,"#))
    #expect(outcome.errorText.contains("no shape of the mapping fits: "))
    for kind in ["order", "refund", "checkouts", "customer"] {
      let alone = try run(
        path, unwrapping: ["object"], where: { $0["_kind"] as? String == kind }, [])
      #expect(alone.outcome.errorText.contains("(--from shopify)\n"), "\(kind)")
    }
  }

  @Test(.enabled(if: Programs.hasShared("data/events/zendesk_rows.ndjson")))
  func zendeskRows() throws {
    let path = "data/events/zendesk_rows.ndjson"
    let (outcome, reasons) = try run(path, unwrapping: [], ["--from", "zendesk"])
    #expect(reasons.isEmpty)
    #expect(
      try names(outcome) == ["Ticket Opened": 10, "Ticket Replied": 20, "Ticket Solved": 18])
    for seed in ["ticket_data.csv", "ticket_comment_data.csv", "ticket_field_history_data.csv"] {
      let alone = try run(path, unwrapping: [], where: { $0["_seed"] as? String == seed }, [])
      #expect(alone.outcome.errorText.contains("(--from zendesk)\n"), "\(seed)")
    }
  }

  /// The columns and the JSON that the vendor makes of them are the same event.
  @Test(.enabled(if: Programs.hasShared("data/events/snowplow_enriched.tsv")))
  func snowplow() throws {
    let columns = try Programs.run(
      "parse", input: Programs.sharedData("data/events/snowplow_enriched.tsv"))
    #expect(columns.errorText.contains("(--from snowplow)\n"))
    #expect(try object(columns.lines[0])["event"] as? String == "Page Viewed")
    let json = try JSONSerialization.jsonObject(
      with: Programs.sharedData("data/events/snowplow_enriched.expected.json"))
    let line = try JSONSerialization.data(withJSONObject: json, options: .withoutEscapingSlashes)
    #expect(try Programs.run("parse", input: line + Data("\n".utf8)).output == columns.output)
  }

  @Test(.enabled(if: Programs.hasShared("data/events/aws_clickstream_events.ndjson")))
  func clickstream() throws {
    let map = Programs.root.appendingPathComponent("examples/maps/aws-clickstream.json").path
    let path = "data/events/aws_clickstream_events.ndjson"
    let data = try Programs.sharedData(path)
    let outcome = try Programs.run("parse", ["--map", map], input: data)
    #expect(outcome.lines.count == 136)
    #expect(outcome.errorText.contains("140 lines read = 136 used + 4 rejected"))
    let reasons = try rejections(["--map", map], data).map { $0.split(separator: ":").last ?? "" }
    #expect(reasons == Array(repeating: " no event name", count: 4))
    // The one event of the future.
    let late = try rejections(["--map", map, "--not-after", "2026-01-01"], data)
    #expect(late.filter { $0.contains("after --not-after") }.count == 1)
  }

  /// The pieces in which the input arrives change nothing.
  @Test(.enabled(if: Programs.hasShared("data/events/segment_spec_events.ndjson")))
  func anySizeOfPieces() throws {
    let sources = [
      ("segment", "data/events/segment_spec_events.ndjson"), ("combined", "data/logs/apache_logs"),
    ]
    for (format, path) in sources where Programs.hasShared(path) {
      let head = try Programs.sharedData(path).prefix(300_000)
      let whole = try Programs.run("parse", ["--from", format], input: head)
      for size in [1, 4095, 1 << 20] {
        let fed = try Programs.shell(
          "dd bs=\(size) 2>/dev/null | parse --from \(format)", input: head)
        #expect(fed.output == whole.output, "\(format), \(size) bytes at a time")
        #expect(fed.errors == whole.errors)
      }
    }
  }
}
