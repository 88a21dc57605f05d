import Foundation
import TestSupport
import Testing

/// Ids that want to act where people read reports: terminals, spreadsheets, pages.
@Suite("Text output") struct TextOutputTests {
  /// Ids as JSON texts.
  private static let hostile = [
    #"=cmd|'/c calc'!A1"#, "+1+1", "@SUM(A1)", #"-2+3+cmd|x"#, #"\t=1"#, #" =1"#, #"\u00a0=1"#,
    #"\r=1"#, #"a\n=1+1"#, #"\",=1"#, #"\u001b]52;c;aGk=\u0007"#, #"\u001b[2J"#, #"\u009b31m"#,
    #"a\u007f\u0000b"#, #"\u202eabc"#, #"\u2066x\u2069"#, #"\u200fx"#,
    #"</script><img src=x onerror=alert(1)>"#, #"<script>\u2028alert(1)</script>"#,
    #"a|b`c`*d*_e_[f](javascript:g)"#, #"![x](http://y)"#, #"# h"#, #"&lt;b&gt;"#,
  ]

  private static let input: Data = {
    let lines = hostile.map {
      #"{"event":"Product Viewed","userId":"\#($0)","timestamp":"2026-03-01T00:00:00Z"}"# + "\n"
    }
    return Data(lines.joined().utf8)
  }()

  /// A report that shows the ids.
  private static func report(_ member: Member, _ format: String) throws -> String {
    let outcome = try Programs.shell(
      "\(member.command) \(member.showingIds) --quiet --format \(format)", input: input)
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("SUM(A1)"), "the ids are shown")
    return outcome.text
  }

  @Test("36 CSV injection: no cell is a formula", arguments: Member.reporters)
  func formulas(_ member: Member) throws {
    let formula = /(?:^|\n)[\s\u{A0}]*(?:[=+@\t\r]|-(?![0-9.]+$))/
    for cell in Self.cells(try Self.report(member, "csv")) {
      #expect(cell.firstMatch(of: formula) == nil, "\(cell)")
    }
  }

  /// The cells of a table as a spreadsheet reads them.
  private static func cells(_ text: String) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in text {
      switch character {
      case "\"": isQuoted.toggle()
      case ",", "\n", "\r\n":
        if isQuoted { fallthrough }
        cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }

  @Test(
    "37 terminal injection: nothing that a terminal obeys", arguments: Member.reporters,
    ["table", "csv", "markdown"])
  func controls(_ member: Member, _ format: String) throws {
    for scalar in try Self.report(member, format).unicodeScalars where scalar != "\n" {
      let code = scalar.value
      let isControl = code < 0x20 || (0x7F...0x9F).contains(code)
      let turnsText =
        [0x200E, 0x200F, 0x2028, 0x2029, 0x061C].contains(code)
        || (0x202A...0x202E).contains(code) || (0x2066...0x2069).contains(code)
      #expect(!isControl && !turnsText, "\(format) U+\(String(code, radix: 16))")
    }
  }

  @Test("37 the JSON of the reports keeps every id as it is", arguments: Member.reporters)
  func unchanged(_ member: Member) throws {
    let text = try Self.report(member, "json")
    for line in text.split(separator: "\n") {
      #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil)
    }
    for id in ["</script><img src=x onerror=alert(1)>", "=cmd|'/c calc'!A1"] {
      #expect(text.contains(id) || text.contains(id.replacing("/", with: "\\/")))
    }
  }

  @Test("38 HTML and Markdown injection: values are text", arguments: Member.reporters)
  func markup(_ member: Member) throws {
    let text = try Self.report(member, "markdown")
    #expect(!text.contains("<"))
    #expect(text.firstMatch(of: /(^|[^\\])\]\(/) == nil)
    var columns: Int?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      // Every row of a table has the bars of its head, and no more.
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let bars = line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" }
      #expect(bars == columns ?? bars, "\(line)")
      columns = bars
    }
  }
}
