import Events
import Expressions
import Pipes
import Records

/// Reads which page or screen was viewed: its path, else that of its URL, else its name.
struct PageReader: Sendable {
  private let path: FieldPath
  private let url: FieldPath
  private let names: [FieldPath]
  private static let (pathKey, urlKey) = (Array("path".utf8), Array("url".utf8))

  init(_ setup: inout Setup) {
    path = FieldPath("properties.path", in: &setup.environment.selection)
    url = FieldPath("properties.url", in: &setup.environment.selection)
    names = ["name", "properties.name"].map { FieldPath($0, in: &setup.environment.selection) }
  }

  /// The number of the page of a page view, 0 where it names none.
  ///
  /// - Parameter page: what `context.page` is.
  func number(
    of event: Event, _ page: Field, in block: Block, _ table: inout EventFactsTable
  ) throws(ScanError) -> UInt32 {
    let bytes = block.bytes.span
    var path = text(try self.path.field(block.fields, at: event.base, in: bytes), bytes)
    if path == nil { path = text(try part(Self.pathKey, of: page, bytes), bytes) }
    if let path {
      return number(path, bytes, &table)
    }
    var url = text(try self.url.field(block.fields, at: event.base, in: bytes), bytes)
    if url == nil { url = text(try part(Self.urlKey, of: page, bytes), bytes) }
    if let url {
      return table.page(Self.path(try url.decodedString(in: bytes)))
    }
    for name in names {
      if let name = text(try name.field(block.fields, at: event.base, in: bytes), bytes) {
        return number(name, bytes, &table)
      }
    }
    return 0
  }

  private func part(
    _ key: [UInt8], of page: Field, _ bytes: Span<UInt8>
  ) throws(ScanError) -> Field {
    page.kind(in: bytes) == .object ? try member(key, of: page, in: bytes) : .absent
  }

  /// A field that is a text and not empty.
  private func text(_ field: Field, _ bytes: Span<UInt8>) -> Field? {
    field.count > 2 && bytes[field.start] == ASCII.quote ? field : nil
  }

  private func number(
    _ field: Field, _ bytes: Span<UInt8>, _ table: inout EventFactsTable
  ) -> UInt32 {
    guard field.hasEscapes else {
      return table.page(bytes, from: field.start + 1, to: field.end - 1)
    }
    return table.page(unescaped(bytes, from: field.start + 1, to: field.end - 1))
  }

  /// The path of a URL: `/cart` of `https://shop.example/cart?step=2#pay`.
  static func path(_ url: [UInt8]) -> [UInt8] {
    let end = url.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? url.count
    let whole = url[..<end]
    let slash = UInt8(ascii: "/")
    guard let first = whole.firstIndex(of: slash) else { return Array(whole) }
    // Behind a scheme there are two of them, then the host.
    guard first > 0, whole[first - 1] == ASCII.colon, first + 1 < end, whole[first + 1] == slash
    else { return Array(whole[first...]) }
    guard let path = whole[(first + 2)...].firstIndex(of: slash) else { return [slash] }
    return Array(whole[path...])
  }
}
