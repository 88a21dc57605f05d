import Expressions

/// The text of `--help-expr`: what expressions may say, with examples.
enum ExpressionHelp {
  static let text = """
    Expressions are CEL, the Common Expression Language (https://cel.dev), over one event.

    Fields
      event == "Order Completed"            a top-level field by its name
      properties.revenue > 50               a nested one; properties["a b"] where it is no word
      record.event                          record is the whole event
      has(properties.coupon)                whether a nested field is there
      A missing top-level field is null; bot is false, segments [], stage "" where missing.
      event is Page Viewed, Screen Viewed, Identified, Grouped or Aliased for a message of such a
      type without a name.

    Logic and comparison
      event == "A" || event == "B"          also && ! == != < <= > >= and c ? a : b
      event in ["A", "B"]                   "vip" in segments
      A JSON number compares by its exact value with int, uint and double.
      An error, such as comparing a text with a number, makes a condition false and is counted.

    Arithmetic, text, lists
      properties.price * properties.quantity >= 100
      context.page.path.startsWith("/p/")   endsWith contains size
      properties.products.exists(p, p.sku == "s1")    all exists_one map filter
      int() uint() double() string() bytes() bool() type()

    Time
      timestamp(record.timestamp) < timestamp("2026-03-01T00:00:00Z")
      now.getDayOfWeek() == 0               now is the time of the event; getFullYear getMonth
                                            getDate getHours getMinutes and the others
      now - last(event == "Login") > duration("336h")

    Looking back at the person's events, this one included
      count(event == "Login")               how often, ever
      count(event == "Login", "7d")         in the last 7 days
      sum(event == "Order Completed", properties.revenue, "90d") > 500
      first(event == "Signed Up")           time of the first one; last() of the last one
      latest(type == "identify", traits.plan) == "pro"
      distinct(event == "Product Viewed", properties.sku, "30d") >= 3    different values
      days(true, "28d")                     how many calendar days of the last 28 had an event
      periods(event == "Login", "7d", 4, 1) of the last 4 weeks, those with at least 1
      sequence(event == "Trial Started", event == "Order Completed", "14d", "90d")
                                            one, then the other within 14 days, in the last 90

    \(LookBackGuide.text)
    """
}
