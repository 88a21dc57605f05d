import Events
import Pipes
import Records

/// What sort of device an event comes from.
///
///     Mozilla/5.0 (iPhone; …) … Mobile/15E148 Safari/604.1        mobile
///     Mozilla/5.0 (Linux; Android 13; SM-X700) … Safari/537.36    tablet: Android without Mobile
///     Mozilla/5.0 (Windows NT 10.0; Win64; x64) …                 desktop
///
/// Source: MDN, "Browser detection using the user agent" (`Mobi` tells a phone); Google's and
/// Mozilla's rule that Android without `Mobile` is a tablet. Applications that are no browsers say no
/// `Mobile`, so of those Android is a phone.
enum DeviceClass: String, CaseIterable, Sendable {
  case desktop
  case mobile
  case tablet
  case tv

  /// What `context.device.type` of a tracker says, in small letters.
  static let types: [(type: String, device: DeviceClass)] = [
    ("desktop", .desktop), ("pc", .desktop), ("laptop", .desktop), ("browser", .desktop),
    ("mobile", .mobile), ("phone", .mobile), ("smartphone", .mobile), ("ios", .mobile),
    ("android", .mobile), ("tablet", .tablet), ("ipad", .tablet), ("tv", .tv), ("smarttv", .tv),
    ("tvos", .tv),
  ]

  /// The class that a user agent tells, `nil` where it tells none: a crawler, a server.
  init?(userAgent agent: [UInt8]) {
    func has(_ words: StaticString...) -> Bool { words.contains { agent.contains($0) } }
    if has("SmartTV", "SMART-TV", "AppleTV", "Apple TV", "GoogleTV", "CrKey", "Roku", "BRAVIA") {
      self = .tv
    } else if has("iPad", "Tablet", "PlayBook", "Kindle", "Silk/") {
      self = .tablet
    } else if has("Mobi", "iPhone", "iPod", "Windows Phone") {
      self = .mobile
    } else if has("Android") {
      self = agent.starts(with: Array("Mozilla/".utf8)) ? .tablet : .mobile
    } else if has("Windows NT", "Macintosh", "CrOS", "X11", "Linux x86_64") {
      self = .desktop
    } else {
      return nil
    }
  }
}

extension [UInt8] {
  /// Whether a word stands somewhere in a text.
  fileprivate func contains(_ word: StaticString) -> Bool {
    let word = Array(word.description.utf8)
    guard count >= word.count else { return false }
    return (0...(count - word.count)).contains { start in
      self[start] == word[0] && self[start..<(start + word.count)].elementsEqual(word)
    }
  }
}

/// Reads the device of an event: `context.device.type`, else `context.userAgent`, else `userAgent`.
struct DeviceReader: Sendable {
  private let agent: FieldPath
  private let topAgent: FieldPath
  private let type: FieldPath
  /// The agents seen last and their classes: a stream has few.
  private var agents = Interner(seed: fingerprintSeed)
  private var devices: [DeviceClass?] = []
  private static let agentsMax = 4096

  /// A reader whose keys are entered into a selection.
  init(_ selection: inout Selection) {
    agent = FieldPath(["context", "userAgent"], in: &selection)
    topAgent = FieldPath(["userAgent"], in: &selection)
    type = FieldPath(["context", "device", "type"], in: &selection)
  }

  /// The device of an event, `nil` where it tells of none.
  mutating func device(of event: Event, in block: Block) -> DeviceClass? {
    if let type = text(type, event, block) {
      let word = String(decoding: type, as: UTF8.self).lowercased()
      if let device = DeviceClass.types.first(where: { $0.type == word })?.device { return device }
    }
    guard let agent = text(agent, event, block) ?? text(topAgent, event, block) else { return nil }
    if devices.count == DeviceReader.agentsMax {
      agents = Interner(seed: fingerprintSeed)
      devices = []
    }
    let number = Int(agents.intern(agent))
    if number == devices.count { devices.append(DeviceClass(userAgent: agent)) }
    return devices[number]
  }

  private func text(_ path: FieldPath, _ event: Event, _ block: Block) -> [UInt8]? {
    let bytes = block.bytes.span
    guard let field = try? path.field(block.fields, at: event.base, in: bytes),
      field.kind(in: bytes) == .string
    else { return nil }
    return try? field.decodedString(in: bytes)
  }
}
