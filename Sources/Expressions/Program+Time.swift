internal import Records

extension Program {
  /// A part of a timestamp in a zone, or of a duration.
  func part(
    _ function: Function, of value: Value, in zone: TimeZoneRules
  ) throws(EvaluationError) -> Int64 {
    if case .duration(let length) = value {
      switch function {
      case .getHours: return length / 3_600_000_000_000
      case .getMinutes: return length / 60_000_000_000
      case .getSeconds: return length / 1_000_000_000
      case .getMilliseconds: return length / 1_000_000 % 1000
      default: throw .noSuchOverload
      }
    }
    guard case .timestamp(let nanoseconds) = value else { throw .noSuchOverload }
    let milliseconds = Int64(truncatingIfNeeded: floorMilliseconds(nanoseconds))
    let offset = zone.offsetSeconds(at: floorDivide(milliseconds, 1000))
    let local = milliseconds + offset * 1000
    let day = floorDivide(local, 86_400_000)
    let time = local - day * 86_400_000
    switch function {
    case .getHours: return time / 3_600_000
    case .getMinutes: return time / 60_000 % 60
    case .getSeconds: return time / 1000 % 60
    case .getMilliseconds: return time % 1000
    case .getDayOfWeek: return (day % 7 + 11) % 7
    default: break
    }
    let date = CivilDate(dayNumber: day)
    switch function {
    case .getFullYear: return date.year
    case .getMonth: return date.month - 1
    case .getDate: return date.day
    case .getDayOfMonth: return date.day - 1
    case .getDayOfYear: return day - dayNumber(year: date.year, month: 1, day: 1)
    default: throw .noSuchOverload
    }
  }

  private func floorMilliseconds(_ nanoseconds: Int128) -> Int128 {
    let quotient = nanoseconds / 1_000_000
    return nanoseconds % 1_000_000 < 0 ? quotient - 1 : quotient
  }

  /// Notes when a comparison of times that move against each other gives another answer.
  func noteFlip(
    _ operation: Operator, _ left: Value, _ right: Value, _ slope: Int, _ frame: inout Frame
  ) {
    let difference: Int128
    switch (left, right) {
    case (.timestamp(let left), .timestamp(let right)): difference = left - right
    case (.duration(let left), .duration(let right)): difference = Int128(left) - Int128(right)
    default: return
    }
    if let wait = waitForFlip(operation, difference, slope) { note(wait, &frame) }
  }

  /// Evaluates a part of a time that moves with `now`, and notes when it may change.
  func movingPart(
    _ call: Int, _ slope: Int, _ unit: Int,
    _ bytes: Span<UInt8>, _ fields: [Field], _ frame: inout Frame
  ) throws(EvaluationError) -> Value {
    let operand: Int
    var zone = TimeZoneRules.utc
    switch nodes[call] {
    case .call(_, let first, let count):
      operand = children[first]
      if count > 1 {
        let name = try owned(evaluate(children[first + 1], bytes, fields, &frame), bytes, &frame)
        if case .text(let name) = name, let rules = zones.rules(named: name) { zone = rules }
      }
    case .zonedPart(_, let time, let rules): (operand, zone) = (time, zoneRules[rules])
    default: throw .noSuchOverload
    }
    frame.asksClock = true
    if frame.followsClock {
      switch try evaluate(operand, bytes, fields, &frame) {
      case .timestamp(let nanoseconds):
        note(wait(nanoseconds, in: zone, slope, unit), &frame)
      case .duration(let length):
        note(wait(Int128(length), isCut: length < 0, slope, unit), &frame)
      default: break
      }
    }
    return try evaluate(call, bytes, fields, &frame)
  }

  /// The milliseconds until the clocks of a zone show a multiple of a unit, or are changed.
  ///
  /// Within a unit, which is a day at most, clocks are changed once.
  private func wait(
    _ nanoseconds: Int128, in zone: TimeZoneRules, _ slope: Int, _ unit: Int
  ) -> Int128 {
    func offset(after wait: Int128) -> Int64 {
      let moment = floorMilliseconds(nanoseconds + wait * 1_000_000 * Int128(slope))
      return zone.offsetSeconds(at: floorDivide(Int64(truncatingIfNeeded: moment), 1000))
    }
    let now = offset(after: 0)
    let local = nanoseconds + Int128(now) * 1_000_000_000
    var latest = wait(local, isCut: false, slope, unit)
    guard offset(after: latest) != now else { return latest }
    var earliest: Int128 = 0
    while latest - earliest > 1 {
      let middle = (earliest + latest) / 2
      if offset(after: middle) == now { earliest = middle } else { latest = middle }
    }
    return latest
  }

  /// The milliseconds until a moving time passes a multiple of a unit.
  ///
  ///     counted down, as all but durations below zero:     2   [──── 2 ────)  3
  ///     cut towards zero, as durations below zero:        -3  (──── -2 ────] -2
  ///
  /// So a time that moves towards the closed end has to leave it, the other one only to get there.
  private func wait(_ nanoseconds: Int128, isCut: Bool, _ slope: Int, _ unit: Int) -> Int128 {
    let unitNanoseconds = Int128(unit) * 1_000_000
    var rest = nanoseconds % unitNanoseconds
    if rest < 0 { rest += unitNanoseconds }
    let mustLeave = (slope < 0) != isCut
    var distance = slope < 0 ? rest : unitNanoseconds - rest
    if mustLeave { return distance % unitNanoseconds / 1_000_000 + 1 }
    if distance == 0 { distance = unitNanoseconds }
    return (distance + 999_999) / 1_000_000
  }

  /// Notes that the answer may change after a number of milliseconds.
  private func note(_ wait: Int128, _ frame: inout Frame) {
    let moment = Int128(frame.place.time.milliseconds) + wait
    guard let milliseconds = Int64(exactly: moment) else { return }
    frame.validUntil = min(frame.validUntil, Moment(milliseconds: milliseconds))
  }
}

/// The milliseconds until a comparison of times that move against each other gives another answer;
/// `nil` where it never does.
///
///     now - last > duration("336h")      left - right grows by one second a second
///     false ────────────────┬─ true      the first millisecond at which it is above zero
///
/// The answer depends on the sign of the difference alone, and the sign changes twice at most:
/// where the difference reaches zero and where it leaves it.
func waitForFlip(_ operation: Operator, _ difference: Int128, _ slope: Int) -> Int128? {
  // Mirrored where it falls, so that it always rises.
  let direction = Int128(slope)
  let rising = difference * direction
  guard rising <= 0 else { return nil }
  let now = operation.accepts(Int(difference.signum()))
  let reaching = (-rising + 999_999) / 1_000_000
  let leaving = -rising / 1_000_000 + 1
  for wait in [reaching, leaving] where wait > 0 {
    let later = (rising + wait * 1_000_000) * direction
    if operation.accepts(Int(later.signum())) != now { return wait }
  }
  return nil
}
