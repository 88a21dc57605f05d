#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension System {
  /// The number of processors that the process may use.
  static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Starts a thread that nobody waits for.
  ///
  /// Signals are left to the first thread.
  ///
  /// - Returns: whether the system had one to give.
  static func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    // The box is kept alive for the thread, which takes it over.
    let box = unsafe Unmanaged.passRetained(ThreadBody(body))
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    var (blocked, before) = (sigset_t(), sigset_t())
    unsafe sigfillset(&blocked)
    unsafe pthread_sigmask(SIG_SETMASK, &blocked, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    let result = unsafe pthread_create(&thread, nil, runThreadBody, box.toOpaque())
    guard result == 0 else {
      unsafe box.release()
      return false
    }
    #if canImport(Glibc)
      pthread_detach(thread)
    #else
      if let thread { unsafe pthread_detach(thread) }
    #endif
    return true
  }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

#if canImport(Darwin)
  private func runThreadBody(_ box: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    unsafe Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().run()
    return nil
  }
#else
  private func runThreadBody(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let box = unsafe box {
      unsafe Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().run()
    }
    return nil
  }
#endif

/// A value that several threads use in turn, each waiting for what it needs of it.
///
///     let jobs = Monitor([Job]())
///     let job = jobs.wait { $0.popLast() }        // sleeps while there is none
///
/// Source: Hoare, Monitors: an operating system structuring concept, CACM 1974; here with one
/// condition for all, which is right for a handful of threads.
@safe
final class Monitor<State: Sendable>: @unchecked Sendable {
  // Both must stay where they are, so they live on the heap; the lock guards the state.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var state: State

  init(_ state: State) {
    self.state = state
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(change, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(change)
    unsafe pthread_mutex_destroy(lock)
    unsafe change.deallocate()
    unsafe lock.deallocate()
  }

  /// Works on the state alone, and wakes those that wait for a change of it.
  func use<Result>(_ body: (inout State) -> Result) -> Result {
    wait { .some(body(&$0)) }
  }

  /// Sleeps until the body gives a result, asked again after every change.
  func wait<Result>(_ body: (inout State) -> Result?) -> Result {
    unsafe pthread_mutex_lock(lock)
    defer {
      unsafe pthread_cond_broadcast(change)
      unsafe pthread_mutex_unlock(lock)
    }
    while true {
      if let result = body(&state) { return result }
      unsafe pthread_cond_wait(change, lock)
    }
  }
}
