import Figures
import Testing

@Suite struct FiguresTests {
    @Test(arguments: [
        (0.0, 1, "0.0"), (1.25, 1, "1.3"), (-1.25, 1, "-1.3"), (-0.04, 1, "0.0"), (999.96, 1, "1000.0"),
        (0.05, 2, "0.05"),
        (12.5, 0, "13"), (1e14, 5, "100000000000000.0"), (.infinity, 1, "inf"), (-.infinity, 2, "-inf"), (.nan, 1, "-"),
        (1e300, 1, "1e+300"),
    ])
    func decimals(_ value: Double, _ places: Int, _ text: String) { #expect(value.decimal(places) == text) }

    @Test(arguments: [
        (0.0, "0"), (1234.5, "1235"), (99.94, "99.9"), (9.994, "9.99"), (0.5, "0.500"), (0.001, "0.00100"),
    ])
    func figures(_ value: Double, _ text: String) { #expect(value.figures == text) }

    @Test func unitsOfTimeAndShares() {
        #expect(0.0123.milliseconds() == "12.3" && 0.0123.milliseconds(2) == "12.30")
        #expect(0.256.percent() == "26 %" && 0.256.percent(1) == "25.6 %")
    }

    @Test(arguments: [
        (0, "0 bytes", "0 MiB", "0 MiB"), (1023, "1023 bytes", "0 MiB", "0 MiB"), (1536, "1.5 KiB", "0 MiB", "0 MiB"),
        (1 << 20, "1.0 MiB", "1 MiB", "1 MiB"), ((3 << 20) + (1 << 19), "3.5 MiB", "4 MiB", "4 MiB"),
        (1 << 30, "1.0 GiB", "1024 MiB", "1.0 GiB"), (5 << 29, "2.5 GiB", "2560 MiB", "2.5 GiB"),
        (2048 << 40, "2048.0 TiB", "2147483648 MiB", "2097152.0 GiB"),
    ])
    func bytes(_ count: Int, _ suiting: String, _ mebibytes: String, _ gibibytes: String) {
        #expect(count.byteText == suiting && count.mebibytes == mebibytes && Double(count).gibibytes == gibibytes)
    }
}

@Suite struct PercentileTests {
    @Test func smallestThatEnoughDoNotExceed() {
        let values = (1...100).map(Double.init).shuffled()
        #expect([0, 1, 95, 99, 100].map(values.percentile) == [1, 1, 95, 99, 100])
        #expect([3.0].percentile(95) == 3 && [].percentile(95) == 0)
    }

    /// 7 % of 100 values are 7, though 0.07 times 100 is a little more.
    @Test func noRoundingGoesOneTooFar() {
        let values = (1...100).map(Double.init)
        #expect((1...100).filter { $0 != 50 }.allSatisfy { values.percentile($0) == Double($0) })
    }

    @Test func mediansAreInTheMiddle() {
        #expect([4.0, 1, 2].percentile(50) == 2 && [4.0, 1, 2, 8].percentile(50) == 3)
    }
}
