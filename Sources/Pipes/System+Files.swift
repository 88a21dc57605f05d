#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What checkpoints need of files.
extension System {
  /// Which file a descriptor is.
  struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64
  }

  /// Which file a descriptor is, `nil` where the system does not tell.
  static func identity(_ descriptor: Int32) -> FileIdentity? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    return FileIdentity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  /// A path from the root on.
  static func place(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(folder) }
    return unsafe String(cString: folder) + "/" + path
  }

  /// Which file a path names, `nil` where there is none.
  static func identity(of path: String) -> FileIdentity? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return FileIdentity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  /// Whether others than its owner and group may read or change a regular file.
  static func isOpenToAll(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return status.st_mode & (S_IROTH | S_IWOTH) != 0
  }

  /// Where the next read or write of a file begins; 0 for a pipe, which has no places.
  static func offset(_ descriptor: Int32, of name: String) throws(Failure) -> Int {
    let offset = lseek(descriptor, 0, SEEK_CUR)
    guard offset < 0, errno != ESPIPE else { return max(0, Int(offset)) }
    throw Failure(
      .inputOutput, "cannot tell the position in '\(name)': \(errorText(errno))")
  }

  /// Moves to an offset of a regular file.
  ///
  /// - Returns: 0, or the number of the error.
  static func seek(_ descriptor: Int32, to offset: Int) -> Int32 {
    lseek(descriptor, off_t(offset), SEEK_SET) < 0 ? errno : 0
  }

  /// Bytes of a regular file from `start` up to `end`, `nil` where they are not there; moves nothing.
  static func bytes(
    _ descriptor: Int32, of name: String, from start: Int, to end: Int
  ) throws(Failure) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: end - start)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        return unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(start + done))
      }
      if count > 0 {
        done += count
      } else if count == 0 {
        return nil
      } else if errno != EINTR {
        throw .cannotRead(name, errno)
      }
    }
    return bytes
  }

  /// Opens a file for writing behind its first bytes; the others are cut off.
  ///
  /// - Parameter kept: how many bytes stay, 0 for a new file.
  static func openOutput(_ path: String, keeping kept: Int) throws(Failure) -> Int32 {
    guard kept > 0 else { return try openOutput(path) }
    let descriptor = retried { unsafe open(path, O_WRONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw Failure(
        errno == ENOENT ? .badData : .cannotCreate,
        "the state goes on with '\(path)', which cannot be opened: \(errorText(errno)); without the"
          + " state a new run begins")
    }
    let size = regularFileSize(descriptor) ?? 0
    guard size >= kept else {
      throw Failure(
        .badData,
        "'\(path)' has \(size) bytes, but the state says \(kept) were written: it was changed; without"
          + " the state a new run begins")
    }
    guard retried({ ftruncate(descriptor, off_t(kept)) }) == 0, seek(descriptor, to: kept) == 0
    else { throw Failure(.inputOutput, "cannot cut '\(path)': \(errorText(errno))") }
    return descriptor
  }

  /// Waits until the disk has what was written to a file; nothing for a pipe.
  ///
  /// - Returns: 0, or the number of the error.
  static func synchronize(_ descriptor: Int32) -> Int32 {
    if retried({ fsync(descriptor) }) == 0 { return 0 }
    return errno == EINVAL || errno == ENOTSUP || errno == EROFS ? 0 : errno
  }

  /// Locks a file that is made where there is none, as long as the process lives.
  ///
  /// - Returns: whether no other process has it locked.
  static func lock(_ path: String) throws(Failure) -> Bool {
    let descriptor = retried {
      unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    guard descriptor >= 0 else {
      throw Failure(.cannotCreate, "cannot create '\(path)': \(errorText(errno))")
    }
    if retried({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return true }
    let number = errno
    _ = close(descriptor)
    guard number == EWOULDBLOCK else {
      throw Failure(.inputOutput, "cannot lock '\(path)': \(errorText(number))")
    }
    return false
  }

  /// Opens a file of one's own for reading, never one that a link leads to.
  ///
  /// - Returns: the descriptor, `nil` where there is no file.
  static func openOwn(_ path: String) throws(Failure) -> Int32? {
    // A pipe under the name is not waited for.
    let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = retried { unsafe open(path, flags) }
    if descriptor >= 0 {
      if regularFileSize(descriptor) != nil { return descriptor }
      _ = close(descriptor)
      throw Failure(.badData, "'\(path)' is no regular file: a state is a file of its own")
    }
    switch errno {
    case ENOENT: return nil
    case ELOOP:
      throw Failure(.badData, "'\(path)' is a link: a state is a file of its own")
    default: throw Failure(.inputOutput, "cannot open '\(path)': \(errorText(errno))")
    }
  }

  /// Makes a new file that only the user may read; one that is there under the name is removed.
  static func createOwn(_ path: String) throws(Failure) -> Int32 {
    _ = unsafe unlink(path)
    let descriptor = retried {
      unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    guard descriptor >= 0 else {
      throw Failure(.cannotCreate, "cannot create '\(path)': \(errorText(errno))")
    }
    return descriptor
  }

  /// Gives a file another name in the same folder, and waits until the disk has that.
  static func replace(_ path: String, with newPath: String) throws(Failure) {
    guard retried({ unsafe rename(newPath, path) }) == 0 else {
      throw Failure(.inputOutput, "cannot rename '\(newPath)' to '\(path)': \(errorText(errno))")
    }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = retried { unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw Failure(.inputOutput, "cannot open '\(folder)': \(errorText(errno))")
    }
    let number = synchronize(descriptor)
    _ = close(descriptor)
    guard number == 0 else {
      throw Failure(.inputOutput, "cannot write '\(folder)': \(errorText(number))")
    }
  }
}
