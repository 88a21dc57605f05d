import Foundation

/// A file with a metric of every form, of the events that the tests of states and of faults make.
public enum Metrics {
  /// Its path; it is there until the tests end.
  public static let file: String = {
    let text = #"""
      {"metrics":[
        {"name":"share","numerator":"B","denominator":{"events":"interaction"}},
        {"name":"people","numerator":"B","denominator":"A","per":"person"},
        {"name":"kept","numerator":{"personsKept":"A"},"denominator":{"personsBefore":"A"}},
        {"name":"lost","numerator":{"personsLost":"event != \"A\""},"unit":"count"},
        {"name":"back","numerator":{"personsReturning":"count(event == \"A\", \"20d\") > 1"}},
        {"name":"total","numerator":{"sum":"properties.n","when":"properties.n > 0"},"unit":"number"},
        {"name":"mean","mean":"properties.n","when":"event == \"A\" && has(properties.n)"},
        {"name":"late","quantile":0.9,"of":"properties.n","when":"properties.n > 0"},
        {"name":"cases","from":"A","to":"event == \"B\"","cases":"mean"},
        {"name":"keyed","from":"A","to":"B","key":"properties.n","within":"9h","cases":"p90"},
        {"name":"sized","from":"A","to":"B","key":"properties.plan","size":"properties.n","cases":"closings"},
        {"name":"net","numerator":"A","minus":"B","denominator":"interaction"},
        {"name":"revenue","numerator":{"money":"net"},"unit":"money"},
        {"name":"growth","growth":"B"}]}
      """#
    let name = "footfall-metrics-\(ProcessInfo.processInfo.processIdentifier).json"
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    try? Data(text.utf8).write(to: file)
    atexit { try? FileManager.default.removeItem(atPath: Metrics.file) }
    return file.path
  }()
}
