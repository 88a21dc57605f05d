public import Events
public import Records

extension RecordWriter {
  /// Writes the id that names a person: `"userId":"u1"`, or `"anonymousId":"a7"`.
  public mutating func field(_ id: UInt32, of persons: Persons) {
    key(static: persons.isUser(id) ? "userId" : "anonymousId")
    persons.append(id, asJSONTo: &bytes)
  }
}
