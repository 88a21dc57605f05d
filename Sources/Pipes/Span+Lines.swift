import Records

extension Span where Element == UInt8 {
  /// Whether nothing but spaces, tabs and carriage returns stands there.
  public func isBlank(from start: Int, to end: Int) -> Bool {
    for offset in start..<end where self[offset] > ASCII.space { return false }
    return true
  }

  /// The end of a line without the carriage return of a Windows line end.
  @inline(__always)
  public func textEnd(from start: Int, to end: Int) -> Int {
    end > start && self[end - 1] == ASCII.carriageReturn ? end - 1 : end
  }
}
