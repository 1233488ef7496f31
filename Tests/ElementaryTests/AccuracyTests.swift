import Elementary
import Glibc
import Testing

/// Every function against the C library, which is itself within 1 ulp: at most 2 apart.
@Suite struct AccuracyTests {
    @Test func exponential() {
        for i in 0..<60_000 {
            let x = -746 + Double(i) * (1456.0 / 60_000)
            check(Transcendental.exp(x), Glibc.exp(x), "exp(\(x))")
            let small = (Double(i) - 30_000) * 1e-5
            check(Transcendental.exp(small), Glibc.exp(small), "exp(\(small))")
        }
    }

    @Test func manyExponentialsAtOnceHaveTheBitsOfEach() {
        var generator = Weyl()
        for count in [0, 1, 63, 64, 1000] {
            var values = (0..<count).map { _ in (generator.unit() - 0.5) * (count == 1000 ? 2000 : 600) }
            let expected = values.map { Transcendental.exp($0).bitPattern }
            values.withUnsafeMutableBufferPointer { Transcendental.exp(inPlace: $0) }
            #expect(values.map(\.bitPattern) == expected)
        }
    }

    @Test func logarithm() {
        var generator = Weyl()
        for _ in 0..<60_000 {
            let wide = Double(bitPattern: generator.next() & 0x7fef_ffff_ffff_ffff)
            check(Transcendental.log(wide), Glibc.log(wide), "log(\(wide))")
            let nearOne = generator.unit() * 2
            check(Transcendental.log(nearOne), Glibc.log(nearOne), "log(\(nearOne))")
        }
    }

    @Test func sineAndCosine() {
        var generator = Weyl()
        for i in 0..<60_000 {
            let span = [1e7, 1000, 4, 1e-6][i & 3]
            let x = (generator.unit() * 2 - 1) * span
            check(Transcendental.sin(x), Glibc.sin(x), "sin(\(x))")
            check(Transcendental.cos(x), Glibc.cos(x), "cos(\(x))")
        }
    }

    /// The doubles nearest to multiples of pi/2, where the reduction cancels almost everything.
    @Test func nearMultiplesOfQuarterTurns() {
        for n in stride(from: 1, through: 6_366_000, by: 97) {
            let x = Double(n) * (Double.pi / 2)
            check(Transcendental.sin(x), Glibc.sin(x), "sin(\(x))")
            check(Transcendental.cos(x), Glibc.cos(x), "cos(\(x))")
        }
    }

    @Test func inverseFrequencies() {
        for theta in [10000.0, 500_000, 1_000_000, 100_000, 8] {
            for dimensions in [16, 64, 80, 128, 256] {
                for i in 0..<dimensions / 2 {
                    let exponent = -2 * Double(i) / Double(dimensions)
                    check(Transcendental.pow(theta, exponent), Glibc.pow(theta, exponent), "\(theta)^\(exponent)")
                }
            }
        }
    }

    @Test func powers() {
        var generator = Weyl()
        for _ in 0..<60_000 {
            let x = Double(bitPattern: generator.next() & 0x7fef_ffff_ffff_ffff)
            let y = (generator.unit() * 2 - 1) * 2000 / max(1, Glibc.log(x).magnitude)
            check(Transcendental.pow(x, y), Glibc.pow(x, y), "\(x)^\(y)")
            let base = 0.5 + generator.unit()
            let large = (generator.unit() * 2 - 1) * 4000
            check(Transcendental.pow(base, large), Glibc.pow(base, large), "\(base)^\(large)")
        }
    }

    private func check(
        _ ours: Double, _ reference: Double, _ what: @autoclosure () -> String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        if ours.bitPattern == reference.bitPattern || (ours.isNaN && reference.isNaN) { return }
        let distance = Int64(bitPattern: ours.bitPattern) - Int64(bitPattern: reference.bitPattern)
        if ours.sign == reference.sign, distance.magnitude <= 2 { return }
        Issue.record("\(what()): \(ours) is not within 2 ulp of \(reference)", sourceLocation: sourceLocation)
    }
}

/// A small generator for test points: a Weyl sequence through the finalizer of SplitMix64.
struct Weyl {
    var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
