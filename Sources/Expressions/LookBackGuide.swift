/// What look-back functions mean, exactly enough to calculate each by hand: a part of `--help-expr`.
public enum LookBackGuide {
  /// The definitions.
  public static let text = """
    Looking back at the person's events, this one included: exactly
      Times are whole milliseconds; a length is "500ms" "30s" "15m" "12h" "7d" "4w". A call asks at a
      moment m, which is the time of the event, or later where time alone ends something.

      The step of a window of length L is s = L / 64, rounded up to a millisecond, and an event at t
      counts as long as floor(t / s) >= floor((m - L) / s): for at least L, one at exactly m - L too,
      until the moment (floor(t / s) + 1) * s + L.

      count sum   of the events that the window holds; without one, of all.
      first last  a time, null for none. latest: the value at the last event that has one.
      distinct    values that differ; null is none. 1 and 1.0 are one value, 1 and "1" two. Compared by
                  a 64-bit hash that is the same in every run. Exact up to 256 values in the window;
                  from 257 on an estimate with a standard error of 2.3 % (HyperLogLog), and the answers
                  that are one are counted: "estimates" in the run header, and a notice.
      days        n whole days: the day of m in --time-zone and the n - 1 before it. No steps: a day
                  falls out at midnight. Where clocks skip midnight the day begins at their jump; where
                  they go back over it, the hour shown twice belongs to the day that has begun.
      periods     n (at most 100) periods of length P that end at m, and how many hold at least k
                  events. s = P / 64; an event is in period i, from 0 on, where
                  floor(t / s) >= floor((m - (i + 1) * P) / s) and it is in no newer one.
      sequence    an event with the first condition before one with the second, at most as long before
                  it as the third argument says, to the millisecond. The second event is in the window
                  of length L, which here moves in steps of s = L / 64 or of the third argument, if
                  that is shorter. L is at most 4096 times the third argument.

      What the clock says, such as now.getHours() or now.getSeconds(), is followed by segment --changes
      and --period too: a rule is answered anew whenever such a part of now may be another one, at most
      10,000 times between two events of a person, which is more than a year of hours. Then its answer
      stays until the next event; how often that was so is said at the end. Lengths of time, such as
      now - last(…) > duration("7d"), have no such limit.

      A condition with an error is not met, a value with an error leaves the event out; both are counted.

      Which events, and in which order
        segment   The person's events so far, in the order of arrival, also those that --where, --since and
                  --until leave out: they do not come out, but they are of the past. An event that is older
                  than the person's newest counts at its own time, but the question is of the person's
                  newest moment. Of equal time the one that came later is the later one. With --reorder
                  the order is that below. --changes: what ends by time alone ends at its own time, and is
                  told when an event of that time or later comes, or at the end; a late event acts when it
                  comes, with the time of the person's newest. Changes before --since or from --until on
                  are not told, so who was in a segment at --since is not.
        reports   In --where, --by, steps and goals: all events of the person up to this one by time, of
                  equal time by messageId (none first), then by the bytes of the line, whatever order
                  they came in; also those that --where, --since and --until leave out, but no bots'.
                  All links are known. Events are kept until the end for that, or with --lateness for as
                  long; a link then holds from its event on, and the clock that decides what is late moves
                  with the events that count: what --where leaves out moves nothing. With --pass they pass
                  as they come. For an event of nobody the whole condition is false, whatever else is in
                  it, and that is counted. With --partial all events of a person, under each linked id,
                  must be in one part; a person who comes in two parts is refused.
        segment --populations  All events of the person but those after the end of the period, asked at
                  the end; of equal time a fixed order that depends on messageId, else on the line.
        An event with two ids makes two persons one: what both did is then what one did. So does an event
        that an option leaves out, a bot's too.

    """
}
