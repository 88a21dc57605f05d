extension ExpressionGuide {
  /// All that expressions may say, in the order of the help.
  ///
  /// A function, a macro or an operator that is new needs an example here, and no other text.
  public static let sections = [
    Section(
      title: "Fields",
      intro: "",
      rows: [
        Row(
          #"event == "Order Completed""#,
          #"true"#,
          #"a top-level field by its name"#),
        Row(
          #"properties.revenue > 50"#,
          #"true"#,
          #"a nested one"#),
        Row(
          #"properties["a b"]"#,
          #"1"#,
          #"one whose name is no word; also properties.`a b`"#),
        Row(
          #"record.event"#,
          #""Order Completed""#,
          #"record is the whole event"#),
        Row(
          #"channel"#,
          #"null"#,
          #"a top-level field that is missing is null; of those that filters add, bot is "#
            + #"false, segments [], stage """#),
        Row(
          #"!bot"#,
          #"true"#,
          #"so this keeps people"#),
        Row(
          #"has(properties.coupon)"#,
          #"false"#,
          #"whether a nested field is there; a nested field that is missing is an error"#),
        Row(
          #"has(record.channel)"#,
          #"false"#,
          #"whether a top-level field is there"#),
      ]),
    Section(
      title: "Operators",
      intro: "",
      rows: [
        Row(
          #"event != "Login" && !(properties.revenue < 10)"#,
          #"true"#,
          #"== != < <= > >= compare; && || ! join; an error on one side counts only where the "#
            + #"other side does not decide"#),
        Row(
          #"properties.missing > 5 || true"#,
          #"true"#,
          #"so this is no error"#),
        Row(
          #"properties.revenue >= 50 ? "large" : "small""#,
          #""large""#,
          #"one of two values, both of one type unless dyn(…) is around one"#),
        Row(
          #"event in ["Order Completed", "Signed Up"]"#,
          #"true"#,
          #"whether a list has it, or a map the key"#),
        Row(
          #""vip" in segments"#,
          #"true"#,
          #"the same the other way round"#),
        Row(
          #"properties.revenue * 2 + 1 - 0.5"#,
          #"120.3"#,
          #"+ - * / % with numbers of JSON, which are exact, and int, uint and double; with a "#
            + #"double, and of a quotient, the result is a double"#),
        Row(
          #"properties.revenue / 2 + size(properties.products) * 1.5"#,
          #"32.95"#,
          #"so with all that depends on an event; constants alone do not mix: 1 + 1.5 is an error"#),
        Row(
          #"7 / 2 + 7 % 4"#,
          #"6"#,
          #"of whole numbers / leaves out the rest, which % is"#),
        Row(
          #"properties.revenue == 59.90"#,
          #"true"#,
          #"a number of JSON compares by its exact value with int, uint and double; of a double "#
            + #"with a fraction that is what its shortest text says"#),
        Row(
          #"1 == 1.0 && 1u < 2 && -1 < 1u"#,
          #"true"#,
          #"so do they with each other"#),
        Row(
          #""a" + "b""#,
          #""ab""#,
          #"+ joins texts, bytes and lists"#),
        Row(
          #"[1, 2, 3][0] + {"a": 5}["a"]"#,
          #"6"#,
          #"an element of a list, from 0 on; of a map, by its key"#),
        Row(
          #"r'\d' + '''it's'''"#,
          #""\\dit's""#,
          #"texts in ' or ", with escapes such as \n \x41 \u00e9, r for none, three quotes for"#
            + #" many lines; b"…" is bytes"#),
      ]),
    Section(
      title: "Text",
      intro: "",
      rows: [
        Row(
          #"event.startsWith("Order")"#,
          #"true"#,
          #"how a text begins"#),
        Row(
          #"event.endsWith("Completed")"#,
          #"true"#,
          #"how it ends"#),
        Row(
          #"context.page.path.contains("shoes")"#,
          #"true"#,
          #"whether it stands anywhere"#),
        Row(
          #"context.page.path.matches(r'^/p/[a-z]+$')"#,
          #"true"#,
          #"whether a regular expression stands anywhere: RE2 syntax, linear time"#),
        Row(
          #"event.matches('(?i)^order')"#,
          #"true"#,
          #"(?i) ignores case"#),
        Row(
          #"size("größe")"#,
          #"5"#,
          #"characters of a text, bytes, elements, entries; also event.size()"#),
      ]),
    Section(
      title: "Lists and maps",
      intro: "",
      rows: [
        Row(
          #"properties.products.exists(p, p.sku == "s1")"#,
          #"true"#,
          #"whether one element fulfils it; of a map the keys are looped over"#),
        Row(
          #"properties.products.all(p, p.price > 10)"#,
          #"true"#,
          #"whether all do"#),
        Row(
          #"properties.products.exists_one(p, p.quantity == 2)"#,
          #"true"#,
          #"whether exactly one does; also existsOne"#),
        Row(
          #"properties.products.map(p, p.price)"#,
          #"[19.95,20]"#,
          #"a value of each"#),
        Row(
          #"properties.products.map(p, p.quantity > 1, p.sku)"#,
          #"["s1"]"#,
          #"the same of those that fulfil it"#),
        Row(
          #"properties.products.filter(p, p.quantity > 1).size()"#,
          #"1"#,
          #"those that fulfil it"#),
      ]),
    Section(
      title: "Types",
      intro: "",
      rows: [
        Row(
          #"int("7") + int(2.9)"#,
          #"9"#,
          #"a whole number, of a text, cut from a double, or the second of a time"#),
        Row(
          #"uint(7)"#,
          #"7"#,
          #"a whole number without a sign"#),
        Row(
          #"double("2.5")"#,
          #"2.5"#,
          #"a double"#),
        Row(
          #"string(properties.revenue) + "!""#,
          #""59.9!""#,
          #"a text"#),
        Row(
          #"bool("true")"#,
          #"true"#,
          #"true or false"#),
        Row(
          #"size(bytes("é"))"#,
          #"2"#,
          #"the bytes of a text"#),
        Row(
          #"type(1) == int && type(properties.revenue) == number"#,
          #"true"#,
          #"the type of a value"#),
        Row(
          #"dyn(1) == "1""#,
          #"false"#,
          #"a value whose type is not checked before"#),
      ]),
    Section(
      title: "Time",
      intro: "",
      rows: [
        Row(
          #"now - timestamp(properties.startedAt) > duration("1h")"#,
          #"true"#,
          #"now is the time of the event; a time from a text or from seconds; a length of time"#
            + #" in w d h m s ms us ns"#),
        Row(
          #"timestamp(record.timestamp) >= timestamp("2026-03-01T00:00:00Z")"#,
          #"true"#,
          #"times compare and are shifted by lengths of time"#),
        Row(
          #"now.getDayOfWeek()"#,
          #"6"#,
          #"0 is Sunday"#),
        Row(
          #"now.getHours("Europe/Berlin")"#,
          #"10"#,
          #"in a zone of the system's zone files, or an offset like "+05:45"; without one in "#
            + #"UTC"#),
        Row(
          #"now.getFullYear() * 100 + now.getMonth()"#,
          #"202602"#,
          #"the month from 0 on"#),
        Row(
          #"now.getDate() == now.getDayOfMonth() + 1"#,
          #"true"#,
          #"the day of the month from 1 on, and from 0 on"#),
        Row(
          #"now.getDayOfYear()"#,
          #"72"#,
          #"the day of the year from 0 on"#),
        Row(
          #"now.getMinutes() * 60 + now.getSeconds()"#,
          #"1613"#,
          #"also getMilliseconds()"#),
        Row(
          #"duration("90m").getHours() + duration("1.5s").getMilliseconds()"#,
          #"501"#,
          #"of a length of time: whole hours, minutes, seconds; milliseconds within the second"#),
      ]),
    Section(
      title: "Looking back at the person's events, this one included",
      intro: "A window moves in steps of 1/64 of its length; what that means exactly stands below.",
      rows: [
        Row(
          #"count(event == "Login")"#,
          #"3"#,
          #"how often, ever"#),
        Row(
          #"count(event == "Login", "7d")"#,
          #"2"#,
          #"how often in the last 7 days"#),
        Row(
          #"sum(event == "Order Completed", properties.revenue, "90d") > 90"#,
          #"true"#,
          #"the exact sum of a value, ever or in a window"#),
        Row(
          #"first(event == "Signed Up")"#,
          #""2026-01-05T08:00:00Z""#,
          #"the time of the first such event; null without one, which == null asks"#),
        Row(
          #"now - last(event == "Login") > duration("12h")"#,
          #"true"#,
          #"the time of the last such event"#),
        Row(
          #"latest(type == "identify", traits.plan) == "pro""#,
          #"true"#,
          #"the value at the latest such event; null without one"#),
        Row(
          #"distinct(event == "Order Completed", properties.revenue, "90d")"#,
          #"2"#,
          #"how many different values, ever or in a window"#),
        Row(
          #"days(true, "28d")"#,
          #"5"#,
          #"on how many calendar days of the last 28"#),
        Row(
          #"periods(event == "Login", "7d", 4, 1)"#,
          #"1"#,
          #"in how many of the last 4 weeks at least 1"#),
        Row(
          #"sequence(event == "Login", event == "Order Completed", "2d", "30d")"#,
          #"true"#,
          #"one and at most 2 days later the other, in the last 30 days"#),
      ]),
  ]
}
