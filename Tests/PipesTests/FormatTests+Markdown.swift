import Testing

@testable import Pipes

extension FormatTests {
  @Test func runsAreHeadingsAndKindsAreTables() {
    let text = laidOut(.markdown, Self.small)
    let expected = #"""
      ## funnel

      2026-01-01 00:00 → 2026-01-02 00:00 · 20,000 events · where event != "A\|B" · snapshot

      ### funnel step · p: x

      | name | overall | weakest |
      | --- | ---: | --- |
      | A_b \*c\* | – | |
      | B | 25.0 % (4.6–69.9)\* | ◀ weakest |

      \* small: fewer than 5 in or outside it

      ### funnel person

      | user id | times | sum | gap |
      | --- | --- | ---: | ---: |
      | | 2026-01-01 00:00:12, 2026-01-01 00:01:12 | 1,234.50 | 1 m 12 s |

      ### funnel step · (other)

      | name |
      | --- |
      | A, "b" |

      ## funnel

      0 events

      """#
    #expect(text == expected)
  }

  @Test func nothingActsInMarkdown() {
    let text = laidOut(.markdown, Self.hostile)
    let expected = #"""
      ### score

      | user id | n |
      | --- | ---: |
      | =cmd\|'/c calc'!A1 | -5 |
      | \\u{1B}\]52;c;aGVsbG8=\\u{7} | 1 |
      | &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; | 2 |
      | a\|b\\\|c | 3 |
      | x\\u{202E}gpj.exe | 4 |
      | 👩 日本語 é | 5 |
      | \\u{D800} \\u{85} \\u{2028} \\u{9B}31m\\u{7F} | 6 |
      | two\\nlines\\r\\n\\t=1+1 | 7 |
      |   +49 170 | 8 |
      | \[x\](javascript:a) !\[y\](http://e) \*b\* \`c\` \_d\_ e_f | 9 |
      | say "hi", you | 10 |

      """#
    #expect(text == expected)
  }

  @Test func linesThatAreNoRecordsAreATableOfText() {
    let text = laidOut(.markdown, Self.mixed)
    let expected = #"""
      | text |
      | --- |
      | Traceback: &lt;b&gt;\\u{1B}\[31mred\|\\u{1B}\[0m |
      | -1+1 is "0" |
      | {"record":"a"} x |
      | \[1\] |

      ### record

      | a |
      | ---: |
      | 1 |
      | |

      ### null

      | n |
      | ---: |
      | 1,500 |

      ### empty


      """#
    #expect(text == expected)
  }
}
