import Foundation

/// The cases with known answers that lie beside the project, computed by SciPy and statsmodels or
/// certified by NIST.
///
/// They are read where they are and are no part of the project; tests that need them are skipped
/// without them.
struct SharedCases: Decodable {
  let proportions: [Proportion]
  let pairs: [Pair]
  let certified: [String: Certified]

  struct Proportion: Decodable {
    let x: Int
    let n: Int
    let wilson: [Double]
  }

  struct Pair: Decodable {
    let x1: Int
    let n1: Int
    let x2: Int
    let n2: Int
    let newcomb: [Double]
    let pooledZ: [Double]

    private enum CodingKeys: String, CodingKey {
      case x1, n1, x2, n2, newcomb
      case pooledZ = "pooled_z"
    }
  }

  struct Certified: Decodable {
    let n: Int
    let mean: String
    let standardDeviation: String

    private enum CodingKeys: String, CodingKey {
      case n
      case mean = "cert_mean"
      case standardDeviation = "cert_sd"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case proportions = "single_proportion_95"
    case pairs = "two_proportions_95"
    case certified = "nist_univariate"
  }

  /// `../shared/cases/statistics.json` as seen from the root of the package.
  private static let file = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "../shared/cases/statistics.json").standardizedFileURL

  /// Whether the cases are there.
  static let arePresent = FileManager.default.isReadableFile(atPath: file.path())

  /// Reads the cases.
  static func read() throws -> SharedCases {
    try JSONDecoder().decode(SharedCases.self, from: Data(contentsOf: file))
  }
}
