import Foundation
import Records
import TestSupport
import Testing

/// Records as they are written, and fields put into records of others.
@Suite("RecordWriter") struct RecordWriterTests {
  private static func written(_ body: (inout RecordWriter) -> Void) -> String {
    var writer = RecordWriter()
    writer.open(record: "r")
    body(&writer)
    writer.close()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test("every kind of field has its form")
  func fields() {
    let text = Self.written { writer in
      writer.field("text", "a\"b\\c/d")
      writer.field("none", nil as String?)
      writer.field("bytes", text: Array("größe".utf8))
      writer.field("zero", 0)
      writer.field("least", Int.min)
      writer.field("most", Int.max)
      writer.field("ten", 10)
      writer.field("yes", true)
      writer.field("no", false)
      writer.field("time", Moment(milliseconds: 1))
      writer.field("noTime", nil as Moment?)
      writer.field("json", json: Array("[1]".utf8))
      writer.null("nothing")
    }
    #expect(
      text == #"{"record":"r","text":"a\"b\\c/d","none":null,"bytes":"größe","zero":0,"#
        + #""least":-9223372036854775808,"most":9223372036854775807,"ten":10,"yes":true,"no":false,"#
        + #""time":"1970-01-01T00:00:00.001Z","noTime":null,"json":[1],"nothing":null}"# + "\n")
  }

  @Test("commas stand between fields and elements, and nowhere else")
  func nesting() {
    let text = Self.written { writer in
      writer.object("empty") { _ in }
      writer.array("none") { _ in }
      writer.object("one") { $0.field("a", 1) }
      writer.array("list") { writer in
        writer.element("x")
        writer.element(Moment(milliseconds: 0))
        writer.element { $0.field("a", 1) }
        writer.element { writer in
          writer.field("b", 2)
          writer.array("c") { $0.element("d") }
        }
      }
      writer.field("last", 1)
    }
    #expect(
      text == #"{"record":"r","empty":{},"none":[],"one":{"a":1},"list":["x","#
        + #""1970-01-01T00:00:00.000Z",{"a":1},{"b":2,"c":["d"]}],"last":1}"# + "\n")
  }

  @Test(
    "a double is written so that it reads back the same, and what is none is null",
    arguments: [
      (0.0, "0"), (-0.0, "0"), (1, "1"), (-17, "-17"), (0.5, "0.5"), (0.1, "0.1"),
      (1e14, "100000000000000"), (1e15, "1000000000000000.0"), (1e16, "1e+16"), (1e-7, "1e-07"),
      (1.0 / 3, "0.3333333333333333"),
      (.nan, "null"), (.infinity, "null"), (-.infinity, "null"), (.leastNonzeroMagnitude, "5e-324"),
      (1.7976931348623157e308, "1.7976931348623157e+308"),
    ])
  func doubles(_ value: Double, _ expected: String) {
    let text = Self.written { writer in writer.field("v", value) }
    #expect(text == "{\"record\":\"r\",\"v\":\(expected)}\n")
  }

  @Test("any text is read back the same by Foundation")
  func strings() throws {
    var randomness = Randomness(seed: 5)
    let letters =
      (0..<0x30).compactMap { Unicode.Scalar($0) } + [
        "\\", "\"", "\u{7F}", "é", "€", "😀", "\u{2028}",
      ]
    for _ in 0..<2000 {
      var text = ""
      for _ in 0..<randomness.number(0...12) {
        text.unicodeScalars.append(randomness.one(of: letters))
      }
      let line = Self.written { $0.field(text, text) }
      #expect(!line.dropLast().contains("\n"))
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
      #expect(object?[text].map { Array($0.utf8) } == Array(text.utf8), "\(line)")
    }
  }

  @Test("lone surrogates are written as the escapes that they came from")
  func surrogates() {
    for escape in [#"\ud800"#, #"\udbff"#, #"\udc00"#, #"\udfff"#, #"a\ud800\ud800b"#] {
      let bytes = padded(escape)
      let decoded = unescaped(bytes.span, from: 0, to: escape.utf8.count)
      var written: [UInt8] = []
      written.append(jsonString: decoded.span, from: 0, to: decoded.count)
      #expect(String(decoding: written, as: UTF8.self) == "\"\(escape)\"")
    }
    let pair = padded(#"\ud83d\ude00"#)
    #expect(unescaped(pair.span, from: 0, to: 12) == Array("😀".utf8))
  }

  @Test(
    "whole numbers of any length",
    arguments: [0, 9, 10, 99, 100, 101, 1000, 65_536, 1_234_567_890, .max, -1, -10, -100, .min])
  func wholeNumbers(_ number: Int) {
    var written: [UInt8] = []
    written.append(integer: number)
    #expect(String(decoding: written, as: UTF8.self) == number.description)
  }

  @Test("what needs an escape is found wherever it stands", arguments: 0..<20)
  func escapesAnywhere(_ count: Int) {
    for (text, escaped) in [("\"", #"\""#), ("\\", #"\\"#), ("\u{1F}", #"\u001f"#), ("é", "é")] {
      for place in 0...count {
        let (front, back) = (
          String(repeating: "~", count: place), String(repeating: " ", count: count - place)
        )
        var written: [UInt8] = []
        written.append(jsonString: front + text + back)
        #expect(String(decoding: written, as: UTF8.self) == "\"\(front)\(escaped)\(back)\"")
      }
    }
  }

  @Test(
    "a field is put in or replaced and all else stays byte for byte",
    arguments: [
      (#"{"a":1}"#, #"{"a":1,"x":[]}"#),
      ("{}", #"{"x":[]}"#),
      ("{ }", #"{ "x":[]}"#),
      (#"{"a":"}"}"#, #"{"a":"}","x":[]}"#),
      (#" { "a" : {"x":1} } "#, #" { "a" : {"x":1} ,"x":[]}"#),
      (#"{"a":1}  "#, #"{"a":1,"x":[]}"#),
      (#"{"x":null}"#, #"{"x":[]}"#),
      (#"{"x": "}" , "b":2} "#, #"{"x": [] , "b":2} "#),
      (#"{"a":1,"x":{"y":[1,2]},"b":"\u00e9"}"#, #"{"a":1,"x":[],"b":"\u00e9"}"#),
      (#"{"x":1,"x":2}"#, #"{"x":1,"x":[]}"#),
      (#"{"\u0078":1}"#, #"{"\u0078":[]}"#),
    ])
  func splice(_ line: String, _ expected: String) throws {
    let bytes = padded("before\n" + line + "\n")
    var selection = Selection()
    let slot = selection.slot("x")
    var scanner = Scanner(selection, check: .full)
    var fields = [Field.absent]
    let scanned = try scanner.scan(bytes.span, from: 7, into: &fields, at: 0)
    var output: [UInt8] = []
    output.append(
      record: bytes.span, from: 7, to: scanned.end, with: "x", existing: fields[slot],
      value: Array("[]".utf8))
    #expect(String(decoding: output, as: UTF8.self) == expected + "\n")
  }
}
