/// The solution of a symmetric, positive definite system of equations; `nil` where it is none.
///
/// Cholesky's decomposition into a triangle times its mirror image, then two substitutions.
///
/// - Parameter matrix: `count` rows of `count` numbers.
func solved(_ matrix: [Double], _ right: [Double], count: Int) -> [Double]? {
  var triangle = matrix
  for column in 0..<count {
    var diagonal = matrix[column * count + column]
    for index in 0..<column {
      diagonal -= triangle[column * count + index] * triangle[column * count + index]
    }
    // What is left of a column that others make up is rounding.
    guard diagonal > 1e-13 * abs(matrix[column * count + column]), diagonal.isFinite else {
      return nil
    }
    let root = diagonal.squareRoot()
    triangle[column * count + column] = root
    for row in column + 1..<max(count, column + 1) {
      var sum = matrix[row * count + column]
      for index in 0..<column {
        sum -= triangle[row * count + index] * triangle[column * count + index]
      }
      triangle[row * count + column] = sum / root
    }
  }
  var solution = right
  for row in 0..<count {
    for index in 0..<row { solution[row] -= triangle[row * count + index] * solution[index] }
    solution[row] /= triangle[row * count + row]
  }
  for row in (0..<count).reversed() {
    for index in row + 1..<max(count, row + 1) {
      solution[row] -= triangle[index * count + row] * solution[index]
    }
    solution[row] /= triangle[row * count + row]
  }
  return solution
}
