import Events
import Expressions
import Records

/// `--by`: which group an event belongs to.
extension EventStage {
  /// The number of the values that `--by` gives for an event.
  mutating func group(_ event: Event, _ block: Block, _ output: inout Output) -> UInt32 {
    groupText.removeAll(keepingCapacity: true)
    for index in settings.by.indices {
      groupText.append(contentsOf: groupKeys[index])
      let start = groupText.count
      if settings.by[index].looksBack {
        memory.appendJSON(
          settings.by[index], isKnown: event.person != Persons.nobody, fields: block.fields,
          in: block.bytes.span, to: &groupText, failures: &output.tally.conditionErrors)
      } else {
        settings.by[index].appendJSON(
          EventPlace(event), fields: block.fields, in: block.bytes.span, to: &groupText,
          failures: &output.tally.conditionErrors)
      }
      groupText.writeNumberShort(from: start)
    }
    return breakdown.number(groupText)
  }
}

extension Array where Element == UInt8 {
  /// Writes the number at the end in its shortest form, so that 1, 1.0 and 1e0 are one value.
  public mutating func writeNumberShort(from start: Int) {
    guard start < count, self[start] == ASCII.minus || ASCII.isDigit(self[start]),
      let number = DecimalNumber(span, from: start, to: count), abs(number.exponent) <= 38
    else { return }
    removeSubrange(start...)
    number.append(to: &self)
  }
}
