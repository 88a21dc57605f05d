import Testing

@testable import Pipes

extension FormatTests {
  @Test func eachKindIsATableOfARun() {
    let text = laidOut(.csv, Self.small)
    let expected = #"""
      record,from,to,where,events,final
      funnel.run,2026-01-01T00:00:12.000Z,2026-01-02T00:00:00.000Z,"event != ""A|B""",20000,\#
      false

      record,name,overall.numerator,overall.denominator,overall.value,overall.low,\#
      overall.high,overall.small,by,by.p,weakest
      funnel.step,A_b *c*,,,,,,,,x,
      funnel.step,B,1,4,0.25,0.0456,0.6994,true,,x,true
      funnel.step,"A, ""b""",,,,,,,(other),,false

      record,userId,times,sum,gapSeconds
      funnel.person,"",2026-01-01T00:00:12.000Z;2026-01-01T00:01:12.000Z,1234.50,72

      record,from,to,events,final
      funnel.run,,,0,true

      """#
    #expect(text == expected)
  }

  @Test func textIsNoFormula() {
    let text = laidOut(.csv, Self.hostile)
    let expected = #"""
      record,userId,n
      score,'=cmd|'/c calc'!A1,-5
      score,\u{1B}]52;c;aGVsbG8=\u{7},1
      score,</script><img src=x onerror=alert(1)>,2
      score,a|b\|c,3
      score,x\u{202E}gpj.exe,4
      score,👩 日本語 é,5
      score,\u{D800} \u{85} \u{2028} \u{9B}31m\u{7F},6
      score,two\nlines\r\n\t=1+1,7
      score,"'  +49 170",8
      score,[x](javascript:a) ![y](http://e) *b* `c` _d_ e_f,9
      score,"say ""hi"", you",10

      """#
    #expect(text == expected)
  }

  @Test func linesThatAreNoRecordsAreCells() {
    let text = laidOut(.csv, Self.mixed)
    let expected = #"""
      text
      Traceback: <b>\u{1B}[31mred|\u{1B}[0m
      "'-1+1 is ""0"""
      "{""record"":""a""} x"
      [1]

      a
      1
      ""

      record,n
      ,1500

      record,n
      empty,

      """#
    #expect(text == expected)
  }

  @Test(arguments: [
    ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), (#"\t1"#, #"'\t1"#),
    (#"\r1"#, #"'\r1"#), (#"\n=1"#, #"'\n=1"#), (" =1", #""' =1""#), (#"\u00a0=1"#, "'\u{A0}=1"),
    (#"\u3000=1"#, "'\u{3000}=1"), ("＝1", "'＝1"), ("a=1", "a=1"), (#"\\=1"#, #"\=1"#),
    ("'=1", "'=1"), (" a ", #"" a ""#), ("", #""""#),
  ])
  func formulasGetAnApostrophe(text: String, field: String) {
    let csv = laidOut(.csv, [#"{"record":"r","x":"\#(text)","y":1}"#])
    #expect(csv == "record,x,y\nr,\(field),1\n")
    let key = laidOut(.csv, [#"{"record":"r","\#(text)":1}"#])
    #expect(key == "record,\(field)\nr,1\n")
  }

  @Test func listsAreJoined() {
    let lists =
      #"{"record":"r","a":[1,"x",null,2.50],"b":[],"c":["=1","-2"],"d":[-1,2],"e":[{"k":1}]}"#
    let expected = #"""
      record,a,b,c,d,e
      r,1;x;;2.50,,'=1;-2,-1;2,"{""k"":1}"

      """#
    #expect(laidOut(.csv, [lists]) == expected)
  }

  @Test func partsOfAKeyStandTogether() {
    let lines = [
      #"{"record":"r","a":null,"b":{"x":1},"c":2}"#, #"{"record":"r","a":{"x":{"y":1}},"b":5}"#,
      #"{"record":"r","b":{"z":[]},"a":{}}"#,
    ]
    let expected = """
      record,a.x.y,b,b.x,b.z,c
      r,,,1,,2
      r,1,5,,,
      r,,,,,

      """
    #expect(laidOut(.csv, lines) == expected)
  }
}
