import Testing

@testable import Pipes

extension FormatTests {
  @Test func reportsOfSeveralProgramsBecomeTables() {
    let text = laidOut(.table, Self.funnel + Self.populations + Self.scores, width: 90)
    let expected = #"""
      funnel  2026-01-01 00:00 → 2026-03-31 23:59  ·  20,000 events  ·  4,812 persons
              where channel == "web"
              12 rejected  ·  1,403 filtered  ·  3 bots

      funnel step  ·  properties.plan: pro
                                                          from
      step  name             persons  open  dropped   previous                overall
      ────  ───────────────  ───────  ────  ───────  ─────────  ─────────────────────
         1  Product Viewed       598     0        0          –  100.0 % (99.4–100.0)*
         2  Product Added        480     3      115     80.3 %   80.3 % (76.9–83.3)
         3  Order Completed       57    40      383     11.9 %    9.5 % (7.4–12.2)     ◀ weakest
      * small: fewer than 5 in or outside it
      not shown: mean, median

      funnel step  ·  (other)
                                                          from
      step  name            persons  open  dropped    previous                overall
      ────  ──────────────  ───────  ────  ───────  ──────────  ─────────────────────
         1  Product Viewed        7     0        0          –   100.0 % (64.6–100.0)*
         2  Product Added         0     0        7      0.0 %*    0.0 % (0.0–35.4)*    ◀ weakest
      * small: fewer than 5 in or outside it

      segment  0 events  ·  1 person
               2 late  ·  1 anonymous  ·  1 bot  ·  as of 2026-03-01 00:00  ·  snapshot

      segment population
      segment  period               persons  entered  left                 growth
      ───────  ───────────────────  ───────  ───────  ────  ─────────────────────
      vip      2026-02-01 00:00:00    1,204       88    19  -2.5 % (-4.1 to -0.9)
      new      2026-02-01 00:00:00       31       31     0       –

      score  2026-01-01 00:00 → 2026-03-01 08:30  ·  1 event  ·  1 person
             quantile error 0.01  ·  as of 2026-03-02 00:00

      score
      user id  engagement  health  recency  frequency       monetary    p alive    p value
      ───────  ──────────  ──────  ───────  ─────────  ─────────────  ─────────  ─────────
      u1            87.25  green       3 s         12          54.50     0.9877  3.217e-12
      u2                3  red        90 d          0  1,234,567.891  0.0001235          –
      not shown: engagement by channel, profile, drivers

      """#
    #expect(text == expected)
  }

  @Test func aNarrowTerminalGetsWhatMattersMost() {
    let text = laidOut(.table, Self.funnel + Self.populations + Self.scores, width: 10)
    let expected = #"""
      funnel  2026-01-01 00:00 → 2026-03-31
              23:59  ·  20,000 events
              4,812 persons
              where channel == "web"
              12 rejected  ·  1,403 filtered
              3 bots

      funnel step  ·  properties.plan: pro
      step  name            overall
      ────  ─────────────  ────────
         1  Product View…  100.0 %*
         2  Product Added   80.3 %
         3  Order Comple…    9.5 %   ◀ weakest
      * small: fewer than 5 in or outside it
      not shown: persons, open, dropped,
        from previous, mean, median

      funnel step  ·  (other)
      step  name            overall
      ────  ─────────────  ────────
         1  Product View…  100.0 %*
         2  Product Added    0.0 %*  ◀ weakest
      * small: fewer than 5 in or outside it
      not shown: persons, open, dropped,
        from previous

      segment  0 events  ·  1 person
               2 late  ·  1 anonymous
               1 bot
               as of 2026-03-01 00:00
               snapshot

      segment population
      segment  period               growth
      ───────  ───────────────────  ──────
      vip      2026-02-01 00:00:00  -2.5 %
      new      2026-02-01 00:00:00       –
      not shown: persons, entered, left

      score  2026-01-01 00:00 → 2026-03-01
             08:30  ·  1 event  ·  1 person
             quantile error 0.01
             as of 2026-03-02 00:00

      score
      user id  engagement  health  recency
      ───────  ──────────  ──────  ───────
      u1            87.25  green       3 s
      u2                3  red        90 d
      not shown: frequency, monetary, p alive,
        p value, engagement by channel,
        profile, drivers

      """#
    #expect(text == expected)
  }

  @Test func theOverallRateDrawsABar() {
    let text = laidOut(.table, Self.small, width: 80)
    let expected = #"""
      funnel  2026-01-01 00:00 → 2026-01-02 00:00  ·  20,000 events
              where event != "A|B"
              snapshot

      funnel step  ·  p: x
      name                overall
      ───────  ──────────────────
      A_b *c*       –
      B        25.0 % (4.6–69.9)*  █████                 ◀ weakest
      * small: fewer than 5 in or outside it

      funnel person
      user id  times                                          sum       gap
      ───────  ────────────────────────────────────────  ────────  ────────
               2026-01-01 00:00:12, 2026-01-01 00:01:12  1,234.50  1 m 12 s

      funnel step  ·  (other)
      name
      ──────
      A, "b"

      funnel  0 events

      """#
    #expect(text == expected)
  }

  @Test func valuesOfByWithOneRecordEachAreAColumn() {
    let text = laidOut(.table, Self.shares, width: 90)
    let expected = #"""
      kpi
      by              sign ups     conversion rate
      ──────────────  ────────  ──────────────────
      channel web        1,204  50.0 % (47.2–52.8)  ██████████
      channel email         31   3.2 % (0.6–16.2)*  ▋
      channel 日本語         8       –
      * small: fewer than 5 in or outside it

      """#
    #expect(text == expected)
  }

  @Test func valuesCannotSteerTheTerminal() {
    let text = laidOut(.table, Self.hostile, width: 90)
    let expected = #"""
      score
      user id                                            n
      ────────────────────────────────────────────────  ──
      =cmd|'/c calc'!A1                                 -5
      \u{1B}]52;c;aGVsbG8=\u{7}                          1
      </script><img src=x onerror=alert(1)>              2
      a|b\|c                                             3
      x\u{202E}gpj.exe                                   4
      👩 日本語 é                                        5
      \u{D800} \u{85} \u{2028} \u{9B}31m\u{7F}           6
      two\nlines\r\n\t=1+1                               7
        +49 170                                          8
      [x](javascript:a) ![y](http://e) *b* `c` _d_ e_f   9
      say "hi", you                                     10

      """#
    #expect(text == expected)
  }

  @Test func whatIsNoRecordIsText() {
    let text = laidOut(.table, Self.mixed, width: 60)
    let expected = #"""
      Traceback: <b>\u{1B}[31mred|\u{1B}[0m
      -1+1 is "0"
      {"record":"a"} x
      [1]

      record
      a
      ─
      1


      null
          n
      ─────
      1,500

      empty

      """#
    #expect(text == expected)
  }
}
