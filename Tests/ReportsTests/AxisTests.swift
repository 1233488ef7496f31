import Testing

@testable import Reports

@Suite struct AxisTests {
    @Test(arguments: [[0.0, 1], [3, 97], [1e-6, 3e-6], [1e9, 7e9], [5, 5], [0], [], [-4, 9]])
    func linear(_ values: [Double]) {
        let axis = Axis(.linear, for: values, from: 0, to: 100)
        #expect((2...8).contains(axis.ticks.count), "\(axis.ticks)")
        for value in values { #expect((-1e-9...100 + 1e-9).contains(axis(value))) }
        #expect(abs(axis(axis.ticks[0])) < 1e-9 && abs(axis(axis.ticks.last!) - 100) < 1e-9)
    }

    @Test(arguments: [[0.3, 0.4], [1, 1], [1e-3, 1e6], [0.02, 9], [50, 51], [0, 3], []])
    func logarithmic(_ values: [Double]) {
        let axis = Axis(.logarithmic, for: values, from: 0, to: 100)
        #expect((2...16).contains(axis.ticks.count), "\(axis.ticks)")
        for value in values where value > 0 { #expect((-0.1...100.1).contains(axis(value)), "\(value)") }
        #expect(axis.ticks == axis.ticks.sorted())
    }

    @Test func ordinalPlacesAreApart() {
        let axis = Axis(.ordinal([1, 2, 8, 64]), for: [], from: 0, to: 40)
        #expect([1, 2, 8, 64].map { axis($0) } == [5, 15, 25, 35])
    }
}
