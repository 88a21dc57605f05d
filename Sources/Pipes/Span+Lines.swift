import Records

extension Span where Element == UInt8 {
  /// Whether nothing but spaces, tabs and carriage returns stands there.
  public func isBlank(from start: Int, to end: Int) -> Bool {
    textStart(from: start, to: end) == end
  }

  /// The offset of the first byte that is no space, tab or carriage return, or the end.
  public func textStart(from start: Int, to end: Int) -> Int {
    var offset = start
    while offset < end,
      self[offset] == ASCII.space || self[offset] == ASCII.tab
        || self[offset] == ASCII.carriageReturn
    {
      offset += 1
    }
    return offset
  }

  /// The end of a line without the carriage return of a Windows line end.
  @inline(__always)
  public func textEnd(from start: Int, to end: Int) -> Int {
    end > start && self[end - 1] == ASCII.carriageReturn ? end - 1 : end
  }
}
