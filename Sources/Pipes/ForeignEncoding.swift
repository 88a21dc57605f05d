/// What an input is whose first bytes cannot begin a line of text, and what makes lines of it.
///
/// Sources: RFC 1952, RFC 8878, the file formats of bzip2, xz and ZIP, RFC 2781.
struct ForeignEncoding {
  /// Its name and the command that unpacks it.
  let advice: String

  private static let known: [(beginning: [UInt8], advice: String)] = [
    ([0xFF, 0xFE], "UTF-16: convert it with iconv -f UTF-16 -t UTF-8"),
    ([0xFE, 0xFF], "UTF-16: convert it with iconv -f UTF-16 -t UTF-8"),
    ([0x1F, 0x8B], "compressed by gzip: unpack it with gzip -dc"),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd: unpack it with zstd -dc"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "compressed by xz: unpack it with xz -dc"),
    (Array("BZh".utf8), "compressed by bzip2: unpack it with bzip2 -dc"),
    (Array("PK\u{3}\u{4}".utf8), "a ZIP archive: unpack it with unzip -p"),
  ]

  /// What the first bytes of an input tell, `nil` where they may be text.
  init?(of beginning: [UInt8]) {
    let found = ForeignEncoding.known.first { beginning.starts(with: $0.beginning) }
    guard let found else { return nil }
    advice = found.advice
  }
}
