extension FormatTests {
  /// A funnel of three steps by plan, with the times people take.
  static let funnel = [
    #"{"record":"funnel.run","from":"2026-01-01T00:00:12.000Z","to":"2026-03-31T23:59:48.120Z","#
      + #""where":"channel == \"web\"","events":20000,"persons":4812,"late":0,"ahead":0,"#
      + #""rejected":12,"filtered":1403,"anonymous":0,"bots":3,"#
      + #""asOf":"2026-03-31T23:59:48.120Z","final":true}"#,
    #"{"record":"funnel.step","step":1,"name":"Product Viewed","persons":598,"open":0,"#
      + #""dropped":0,"fromPrevious":null,"overall":{"numerator":598,"denominator":598,"#
      + #""value":1,"low":0.9936,"high":1,"small":true},"meanSeconds":null,"#
      + #""medianSeconds":null,"by":{"properties.plan":"pro"},"weakest":false}"#,
    #"{"record":"funnel.step","step":2,"name":"Product Added","persons":480,"open":3,"#
      + #""dropped":115,"fromPrevious":{"numerator":480,"denominator":598,"value":0.802675,"#
      + #""low":0.768825,"high":0.8326},"overall":{"numerator":480,"denominator":598,"#
      + #""value":0.802675,"low":0.768825,"high":0.8326},"meanSeconds":72.4,"#
      + #""medianSeconds":41,"by":{"properties.plan":"pro"},"weakest":false}"#,
    #"{"record":"funnel.step","step":3,"name":"Order Completed","persons":57,"open":40,"#
      + #""dropped":383,"fromPrevious":{"numerator":57,"denominator":480,"value":0.11875,"#
      + #""low":0.0928,"high":0.1508},"overall":{"numerator":57,"denominator":598,"#
      + #""value":0.095318,"low":0.0743,"high":0.1215},"meanSeconds":345600,"#
      + #""medianSeconds":8280,"by":{"properties.plan":"pro"},"weakest":true}"#,
    #"{"record":"funnel.step","step":1,"name":"Product Viewed","persons":7,"open":0,"#
      + #""dropped":0,"fromPrevious":null,"overall":{"numerator":7,"denominator":7,"#
      + #""value":1,"low":0.6457,"high":1,"small":true},"meanSeconds":null,"#
      + #""medianSeconds":null,"by":"(other)","weakest":false}"#,
    #"{"record":"funnel.step","step":2,"name":"Product Added","persons":0,"open":0,"#
      + #""dropped":7,"fromPrevious":{"numerator":0,"denominator":7,"value":0,"low":0,"#
      + #""high":0.3543,"small":true},"overall":{"numerator":0,"denominator":7,"value":0,"#
      + #""low":0,"high":0.3543,"small":true},"meanSeconds":null,"medianSeconds":null,"#
      + #""by":"(other)","weakest":true}"#,
  ]

  /// Segments of a snapshot, with a growth that may be negative.
  static let populations = [
    #"{"record":"segment.run","from":null,"to":null,"where":null,"events":0,"persons":1,"#
      + #""late":2,"rejected":0,"anonymous":1,"bots":1,"asOf":"2026-03-01T00:00:00.000Z","#
      + #""final":false}"#,
    #"{"record":"segment.population","segment":"vip","period":"2026-02-01T00:00:00.000Z","#
      + #""persons":1204,"entered":88,"left":19,"growth":{"numerator":-31,"denominator":1235,"#
      + #""value":-0.0251,"low":-0.0406,"high":-0.0094}}"#,
    #"{"record":"segment.population","segment":"new","period":"2026-02-01T00:00:00.000Z","#
      + #""persons":31,"entered":31,"left":0,"growth":null}"#,
  ]

  /// Scores: numbers of all kinds, nested objects and lists.
  static let scores = [
    #"{"record":"score.run","from":"2026-01-01T00:00:00.000Z","to":"2026-03-01T08:30:00.000Z","#
      + #""where":null,"events":1,"persons":1,"rejected":0,"asOf":"2026-03-02T00:00:00.000Z","#
      + #""final":true,"quantileError":0.01}"#,
    #"{"record":"score","userId":"u1","engagement":87.25,"health":"green","recencySeconds":3,"#
      + #""frequency":12,"monetary":54.50,"pAlive":0.98765432109,"pValue":3.217e-12,"#
      + #""engagementByChannel":{"web":60,"email":27.25,"push":null},"profile":{"plan":"pro","#
      + #""openTickets":2,"lastContact":"2026-02-27T10:00:00.000Z","churned":false,"vip":true},"#
      + #""drivers":[{"feature":"recency","effect":0.31},{"feature":"breadth","effect":-0.07}]}"#,
    #"{"record":"score","userId":"u2","engagement":3,"health":"red","recencySeconds":7776000,"#
      + #""frequency":0,"monetary":1234567.891,"pAlive":0.00012345678,"pValue":null,"#
      + #""engagementByChannel":{},"profile":{"plan":"free"},"drivers":[]}"#,
  ]

  /// Names and values that try to act.
  static let hostile = [
    #"{"record":"score","userId":"=cmd|'/c calc'!A1","n":-5}"#,
    #"{"record":"score","userId":"\u001b]52;c;aGVsbG8=\u0007","n":1}"#,
    #"{"record":"score","userId":"</script><img src=x onerror=alert(1)>","n":2}"#,
    #"{"record":"score","userId":"a|b\\|c","n":3}"#,
    #"{"record":"score","userId":"x\#u{202E}gpj.exe","n":4}"#,
    #"{"record":"score","userId":"👩 日本語 e\#u{301}","n":5}"#,
    #"{"record":"score","userId":"\ud800 \u0085 \u2028 \#u{9B}31m\#u{7F}","n":6}"#,
    #"{"record":"score","userId":"two\nlines\r\n\t=1+1","n":7}"#,
    #"{"record":"score","userId":" \u00a0+49 170","n":8}"#,
    #"{"record":"score","userId":"[x](javascript:a) ![y](http://e) *b* `c` _d_ e_f","n":9}"#,
    #"{"record":"score","userId":"say \"hi\", you","n":10}"#,
  ]

  /// Rates without an `overall`, one for each value of `by`.
  static let shares = [
    #"{"record":"kpi","by":{"channel":"web"},"signUps":1204,"conversionRate":{"numerator":602,"#
      + #""denominator":1204,"value":0.5,"low":0.4718,"high":0.5282}}"#,
    #"{"record":"kpi","by":{"channel":"email"},"signUps":31,"conversionRate":{"numerator":1,"#
      + #""denominator":31,"value":0.03226,"low":0.0057,"high":0.1619,"small":true}}"#,
    #"{"record":"kpi","by":{"channel":"日本語"},"signUps":8,"conversionRate":null}"#,
  ]

  /// A run with one step by two values and a person, few keys each.
  static let small = [
    #"{"record":"funnel.run","from":"2026-01-01T00:00:12.000Z","to":"2026-01-02T00:00:00.000Z","#
      + #""where":"event != \"A|B\"","events":20000,"final":false}"#,
    #"{"record":"funnel.step","name":"A_b *c*","overall":null,"by":{"p":"x"}}"#,
    #"{"record":"funnel.step","name":"B","overall":{"numerator":1,"denominator":4,"value":0.25,"#
      + #""low":0.0456,"high":0.6994,"small":true},"by":{"p":"x"},"weakest":true}"#,
    #"{"record":"funnel.person","userId":"","times":["2026-01-01T00:00:12.000Z","#
      + #""2026-01-01T00:01:12.000Z"],"sum":1234.50,"gapSeconds":72}"#,
    #"{"record":"funnel.step","name":"A, \"b\"","overall":null,"by":"(other)","weakest":false}"#,
    #"{"record":"funnel.run","from":null,"to":null,"events":0,"final":true}"#,
  ]

  /// Lines that are no records of a report, among some that are.
  static let mixed = [
    "Traceback: <b>\u{1B}[31mred|\u{1B}[0m", "-1+1 is \"0\"", #"{"record":"a"} x"#, "", "[1]",
    #"{"a":1}"#, "{}", #"{"record":null,"n":1500}"#, #"{"record":"empty","n":null}"#,
  ]
}
