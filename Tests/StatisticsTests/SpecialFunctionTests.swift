import Testing

@testable import Statistics

/// By mpmath 1.4.1 at 30 digits.
@Suite("Slopes of ln Γ, and 2F1")
struct SpecialFunctionTests {
  @Test(
    "The first and the second derivative of ln Γ",
    arguments: [
      (0.001, -1000.57557193181028, 1000001.64253319583),
      (0.3, -3.50252422220013312, 12.2453645461077313),
      (1, -0.577215664901532861, 1.64493406684822644),
      (3.7, 1.16715353936151144, 0.310037857670038302),
      (14.2, 2.6176176236894908, 0.0729603525517256315),
      (15, 2.6743466616607937, 0.0689382278476838062),
      (100.25, 4.60267124327471256, 0.0100249786981233662),
      (1e9, 20.7232658364464112, 1.0000000005e-9),
    ])
  func slopes(_ x: Double, _ first: Double, _ second: Double) {
    #expect(abs(digamma(x) - first) < 4e-15 * max(1, abs(first)))
    #expect(abs(trigamma(x) / second - 1) < 4e-15)
  }

  @Test(
    "2F1(1, b; c; z)",
    arguments: [
      (1, 2, 0.5, 1.38629436111989062), (0.3, 7.5, 0.9, 1.04251405312018216),
      (12, 12.5, 0.99, 43.2688187026315365), (3, 1000, 0.7, 1.00210589473061909),
      (2, 2, 0.999, 999.999999999999112), (0.001, 0.5, 0.2, 1.00046371710687702),
      (40, 41, 0.999, 112.11191753618679), (3, 4, 0, 1),
    ])
  func gauss(_ b: Double, _ c: Double, _ z: Double, _ value: Double) {
    // How far z may be off by its last digit is what 1 − z is.
    #expect(abs(hypergeometric(b, c, z) / value - 1) < 1e-13 / (1 - z))
  }
}
