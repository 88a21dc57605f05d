import Events
import Records
import Testing

/// What makes a record an event: its time, its person's ids, its name.
@Suite("EventReader") struct EventReaderTests {
  @Test(
    "the time is the first of four fields that is there",
    arguments: [
      (#"{"timestamp":1,"originalTimestamp":2,"sentAt":3,"receivedAt":4}"#, "1000"),
      (#"{"receivedAt":4,"sentAt":3,"originalTimestamp":2}"#, "2000"),
      (#"{"receivedAt":4,"sentAt":3}"#, "3000"),
      (#"{"receivedAt":4}"#, "4000"),
      (#"{"timestamp":null,"receivedAt":4}"#, "4000"),
      (#"{"timestamp":"1970-01-01T00:00:05Z"}"#, "5000"),
      (#"{"timestamp":1773397274123}"#, "1773397274123"),
      (#"{"timestamp":1.5}"#, "1500"),
      (#"{"timestamp":1,"timestamp":2}"#, "2000"),
      ("{}", "no time 1"),
      (#"{"timestamp":null}"#, "no time 1"),
      (#"{"properties":{"timestamp":1}}"#, "no time 1"),
      (#"{"timestamp":"soon","receivedAt":4}"#, "bad time 14"),
      (#"{"timestamp":""}"#, "bad time 14"),
      (#"{"timestamp":"1773397274"}"#, "bad time 14"),
      (#"{"timestamp":"1970-01-01T00:00:05"}"#, "bad time 14"),
      (#"{"timestamp":true}"#, "bad time 14"),
      (#"{"timestamp":{}}"#, "bad time 14"),
      (#"{"timestamp":[]}"#, "bad time 14"),
      (#"{"timestamp":1e300}"#, "bad time 14"),
    ])
  func time(_ line: String, _ expected: String) throws {
    #expect(try Message(line).time == expected)
  }

  @Test(
    "the ids are those of the Segment spec",
    arguments: [
      (#"{"userId":"u","anonymousId":"a"}"#, "u a –"),
      (#"{"anonymousId":"a"}"#, "– a –"),
      (#"{"userId":123}"#, "123 – –"),
      (#"{"userId":-1.50}"#, "-1.50 – –"),
      (#"{"userId":null,"anonymousId":""}"#, "– – –"),
      ("{}", "– – –"),
      (#"{"userId":"","anonymousId":"a"}"#, "– a –"),
      (#"{"userId":" "}"#, "  – –"),
      (#"{"userId":"\u00e9\n"}"#, "é\n – –"),
      (#"{"type":"alias","userId":"u","previousId":"p"}"#, "u – p"),
      (#"{"type":"track","userId":"u","previousId":"p"}"#, "u – –"),
      (#"{"userId":"u","previousId":{}}"#, "u – –"),
      (#"{"properties":{"userId":"u"}}"#, "– – –"),
      (#"{"userId":true}"#, "bad id: neither a string nor a number 11"),
      (#"{"userId":{"id":1}}"#, "bad id: neither a string nor a number 11"),
      (#"{"anonymousId":[]}"#, "bad id: neither a string nor a number 16"),
      (#"{"type":"alias","previousId":{}}"#, "bad id: neither a string nor a number 30"),
      (#"{"userId":"\x"}"#, "invalid JSON: unknown escape in a string 12"),
    ])
  func ids(_ line: String, _ expected: String) throws {
    #expect(try Message(line).ids == expected)
  }

  @Test(
    "a path in place of the ids is followed into objects",
    arguments: [
      ("properties.account", #"{"userId":"u","properties":{"account":"x"}}"#, "x – –"),
      ("properties.account.id", #"{"properties":{"account":{"id":7}}}"#, "7 – –"),
      ("properties.account", #"{"userId":"u","anonymousId":"a"}"#, "– – –"),
      ("properties.account", #"{"properties":"none"}"#, "– – –"),
      ("properties.account", #"{"properties":{"account":""}}"#, "– – –"),
      ("anonymousId", #"{"userId":"u","anonymousId":"a"}"#, "a – –"),
      (
        "properties.account", #"{"properties":{"account":[]}}"#,
        "bad id: neither a string nor a number 26"
      ),
      (
        "properties.a", #"{"properties":{"b":1 "a":2}}"#,
        "invalid JSON: expected ',' or the end of the object or array 22"
      ),
    ])
  func path(_ key: String, _ line: String, _ expected: String) throws {
    #expect(try Message(line, key: key).ids == expected)
  }

  @Test(
    "ids are the same where their decoded bytes are",
    arguments: [
      (#""123""#, "123", true), (#""\u00e9""#, #""é""#, true), (#""\u0061""#, #""a""#, true),
      (#""a\/b""#, #""a/b""#, true), (#""\ud83d\ude00""#, #""😀""#, true),
      (#""123""#, "123.0", false), (#""\u00e9""#, #""e\u0301""#, false), (#""a""#, #""A""#, false),
      (#""\ud800""#, #""\udfff""#, false), (#""\ud800""#, #""\ufffd""#, false),
      (#""\udbff""#, #""\ud800""#, false), (#""a""#, #""a ""#, false),
      (#""a\u0000""#, #""a""#, false),
    ])
  func sameness(_ one: String, _ other: String, _ areSame: Bool) throws {
    var persons = Persons()
    let numbers = try [one, other].map { json in
      let message = try Message("{\"userId\":\(json)}")
      return persons.id(try #require(message.userBytes), isUser: true)
    }
    #expect((numbers[0] == numbers[1]) == areSame)
  }

  @Test(
    "a message is named by its event, else by its type",
    arguments: [
      (#"{"event":"Order Completed","type":"page"}"#, "Order Completed"),
      (#"{"event":"Order\u0020Completed"}"#, "Order Completed"),
      (#"{"event":"Größe"}"#, "Größe"),
      (#"{"type":"page"}"#, "Page Viewed"), (#"{"type":"screen"}"#, "Screen Viewed"),
      (#"{"type":"identify"}"#, "Identified"), (#"{"type":"group"}"#, "Grouped"),
      (#"{"type":"alias"}"#, "Aliased"), (#"{"type":"page","event":null}"#, "Page Viewed"),
      (#"{"type":"page","event":""}"#, "Page Viewed"),
    ])
  func names(_ line: String, _ name: String) throws {
    let message = try Message(line)
    #expect(message.isNamed(name))
    for other in ["Order Complete", "Order Completed ", "Page", "page", "", "Viewed"] {
      #expect(!message.isNamed(other))
    }
  }

  @Test(
    "other messages have no name",
    arguments: [#"{"type":"track"}"#, "{}", #"{"type":"pages"}"#, #"{"type":["page"]}"#])
  func noNames(_ line: String) throws {
    let message = try Message(line)
    #expect(!message.isNamed(""))
    for implicit in ImplicitEventName.allCases {
      #expect(!message.isNamed(String(decoding: implicit.nameBytes, as: UTF8.self)))
    }
  }

  @Test("events of equal time are told apart by their messageId, else by their line")
  func fingerprints() throws {
    func fingerprint(_ line: String) throws -> UInt64 {
      let message = try Message(line)
      return message.reader.fingerprint(message.event, in: message.block)
    }
    let one = try fingerprint(#"{"messageId":"m1","event":"A"}"#)
    #expect(try fingerprint(#"{"messageId":"m2","event":"A"}"#) != one)
    #expect(try fingerprint(#"{"messageId":"m1","event":"A"}"#) == one)
    #expect(try fingerprint(#"{"event":"A"}"#) != fingerprint(#"{"event":"B"}"#))
    #expect(try fingerprint(#"{"event":"A"}"#) == fingerprint(#"{"event":"A"}"#))
  }
}
