import Foundation
import TestSupport

/// The customers of CDNOW, the standard data of these models: 2,357 who bought for the first time in the
/// first quarter of 1997, watched until the end of September; times in weeks.
///
/// Source: P. S. Fader and B. G. S. Hardie, Forecasting repeat sales at CDNOW: a case study (2001); the file
/// is that of the Python package Lifetimes.
struct CDNOW {
  /// Of each customer x, t_x, T and the mean spend of the repeats.
  let rows: [[Double]]

  /// The file; `nil` where the package is not installed.
  static let file = PythonPackages.file(
    "datasets/cdnow_customers_summary_with_transactions.csv", of: "lifetimes")

  init() throws {
    guard let file = Self.file else {
      rows = []
      return
    }
    rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst().map { $0.split(separator: ",").dropFirst().compactMap { Double($0) } }
  }
}
