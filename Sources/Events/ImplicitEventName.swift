internal import Records

/// The name of a message that needs no `event`: its type says what happened.
///
///     {"type":"page"}  →  Page Viewed          {"type":"identify"}  →  Identified
///
/// A `track` message has no such name: without an `event` it says nothing.
public enum ImplicitEventName: Sendable, CaseIterable {
  /// A page was viewed.
  case pageViewed
  /// A screen of an application was viewed.
  case screenViewed
  /// A person was identified.
  case identified
  /// A person was put into a group.
  case grouped
  /// Two ids of a person were joined.
  case aliased

  /// The name for a type given by its bytes, or `nil` where the type has none.
  ///
  /// Cost: a comparison of lengths and one of bytes; no allocation.
  public init?(type bytes: Span<UInt8>, from start: Int, to end: Int) {
    for name in ImplicitEventName.allCases where bytes.equals(name.typeBytes, from: start, to: end)
    {
      self = name
      return
    }
    return nil
  }

  /// The value of `type` that has the name.
  public var typeBytes: [UInt8] {
    switch self {
    case .pageViewed: ImplicitEventName.page
    case .screenViewed: ImplicitEventName.screen
    case .identified: ImplicitEventName.identify
    case .grouped: ImplicitEventName.group
    case .aliased: ImplicitEventName.alias
    }
  }

  /// The name as bytes.
  public var nameBytes: [UInt8] {
    switch self {
    case .pageViewed: ImplicitEventName.pageViewedName
    case .screenViewed: ImplicitEventName.screenViewedName
    case .identified: ImplicitEventName.identifiedName
    case .grouped: ImplicitEventName.groupedName
    case .aliased: ImplicitEventName.aliasedName
    }
  }

  private static let page = Array("page".utf8)
  private static let screen = Array("screen".utf8)
  private static let identify = Array("identify".utf8)
  private static let group = Array("group".utf8)
  private static let alias = Array("alias".utf8)
  private static let pageViewedName = Array("Page Viewed".utf8)
  private static let screenViewedName = Array("Screen Viewed".utf8)
  private static let identifiedName = Array("Identified".utf8)
  private static let groupedName = Array("Grouped".utf8)
  private static let aliasedName = Array("Aliased".utf8)
}
