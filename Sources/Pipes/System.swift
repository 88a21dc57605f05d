public import Records

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The system calls that the driver makes, each retried after an interruption where that is right.
///
/// `print` and `readLine` lose data without a word; nothing but these functions reads or writes.
enum System {
  static let standardInput: Int32 = 0
  static let standardOutput: Int32 = 1
  static let standardError: Int32 = 2

  /// What a read gave.
  enum ReadResult {
    case bytes(Int)
    case end
    case wouldBlock
    case interrupted
    case failure(Int32)
  }

  /// Reads once into an array, from `start` up to `end`.
  static func read(
    _ descriptor: Int32, into bytes: inout [UInt8], from start: Int, to end: Int
  ) -> ReadResult {
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      // The range was checked against the buffer by the rebasing slice.
      let target = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start..<end])
      return unsafe systemRead(descriptor, target.baseAddress, target.count)
    }
    if count > 0 { return .bytes(count) }
    if count == 0 { return .end }
    switch errno {
    case EINTR: return .interrupted
    case EAGAIN, EWOULDBLOCK: return .wouldBlock
    default: return .failure(errno)
    }
  }

  /// Writes all bytes, waiting where the descriptor would block.
  ///
  /// - Returns: 0, or the number of the error.
  static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Int32 {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
        return unsafe systemWrite(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        _ = poll([PollRequest(descriptor, .output)], timeoutMilliseconds: -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }

  /// A descriptor to wait for.
  struct PollRequest {
    enum Interest {
      case input
      case output
      /// Only that the other end is gone.
      case hangUp
    }

    let descriptor: Int32
    let interest: Interest

    init(_ descriptor: Int32, _ interest: Interest) {
      self.descriptor = descriptor
      self.interest = interest
    }
  }

  /// Waits until one of the descriptors is ready or the time is over.
  ///
  /// - Returns: for each whether it is ready, or `nil` when a signal came first.
  static func poll(_ requests: [PollRequest], timeoutMilliseconds: Int32) -> [Bool]? {
    var descriptors = requests.map { request in
      pollfd(
        fd: request.descriptor,
        events: request.interest == .input
          ? Int16(POLLIN) : request.interest == .output ? Int16(POLLOUT) : 0,
        revents: 0)
    }
    let count = nfds_t(descriptors.count)
    let ready = unsafe descriptors.withUnsafeMutableBufferPointer { buffer in
      unsafe systemPoll(buffer.baseAddress, count, timeoutMilliseconds)
    }
    if ready < 0 { return nil }
    return descriptors.map { $0.revents != 0 }
  }

  /// Finds out whether a file can be read, without opening it: a named pipe is opened once only.
  static func checkInput(_ path: String) throws(Failure) {
    guard retried({ unsafe access(path, R_OK) }) == 0 else {
      throw Failure(.noInput, "cannot open '\(path)': \(errorText(errno))")
    }
  }

  /// Opens a file for reading.
  static func openInput(_ path: String) throws(Failure) -> Int32 {
    let descriptor = retried { unsafe open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw Failure(.noInput, "cannot open '\(path)': \(errorText(errno))")
    }
    return descriptor
  }

  /// Creates or empties a file for writing.
  static func openOutput(_ path: String) throws(Failure) -> Int32 {
    let descriptor = retried {
      unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else {
      throw Failure(.cannotCreate, "cannot create '\(path)': \(errorText(errno))")
    }
    return descriptor
  }

  static func retried(_ call: () -> Int32) -> Int32 {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// Closes a descriptor.
  ///
  /// - Returns: 0, or the number of the error: a disk may say only now that it is full.
  static func close(_ descriptor: Int32) -> Int32 {
    systemClose(descriptor) == 0 || errno == EINTR ? 0 : errno
  }

  /// The text that the system has for an error number.
  static func errorText(_ number: Int32) -> String {
    unsafe String(cString: strerror(number))
  }

  /// Whether a descriptor is a terminal.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The size of a regular file, or `nil` for a pipe, a terminal and the like.
  static func regularFileSize(_ descriptor: Int32) -> Int? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  /// Whether a path names a regular file that is one of the inputs, `-` for standard input.
  static func isSameFile(_ path: String, _ inputs: [String]) -> Bool {
    var target = stat()
    guard unsafe stat(path, &target) == 0, target.st_mode & S_IFMT == S_IFREG else { return false }
    return inputs.contains { input in
      var source = stat()
      let result =
        input == "-" ? unsafe fstat(standardInput, &source) : unsafe stat(input, &source)
      return result == 0 && source.st_dev == target.st_dev && source.st_ino == target.st_ino
    }
  }

  /// The number of columns of the terminal on a descriptor.
  static func terminalWidth(_ descriptor: Int32) -> Int? {
    var size = winsize()
    let result = unsafe withUnsafeMutablePointer(to: &size) { pointer in
      unsafe ioctl(descriptor, UInt(TIOCGWINSZ), pointer)
    }
    return result == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
  }

  /// Makes a pipe as large as an unprivileged process may, where the system can.
  static func enlargePipe(_ descriptor: Int32) {
    #if os(Linux)
      // F_SETPIPE_SZ is a macro that Swift does not import. A refusal changes nothing.
      _ = fcntl(descriptor, 1031, 1 << 20)
    #endif
  }

  /// Fills the three standard descriptors where one is closed, so that no file of ours gets its
  /// number; a use of it still fails, for it is opened the wrong way round.
  static func reserveStandardDescriptors() {
    for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_RDONLY)] as [(Int32, Int32)]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", mode)
    }
  }
}

/// The present by the clock on the wall.
public func wallClock() -> Moment {
  var time = timespec()
  // The call fails only for a clock that the system does not have.
  _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
  return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
}

// The names of the system calls, so that the functions above may carry them.
private func systemRead(
  _ descriptor: Int32, _ target: UnsafeMutableRawPointer?, _ count: Int
) -> Int {
  unsafe read(descriptor, target, count)
}

private func systemWrite(_ descriptor: Int32, _ source: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, source, count)
}

private func systemPoll(
  _ descriptors: UnsafeMutablePointer<pollfd>?, _ count: nfds_t, _ timeout: Int32
) -> Int32 {
  unsafe poll(descriptors, count, timeout)
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
