import Elementary
import Testing

@Suite struct SpecialValueTests {
    @Test func exponential() {
        #expect(Transcendental.exp(0) == 1)
        #expect(Transcendental.exp(-0.0) == 1)
        #expect(Transcendental.exp(.infinity) == .infinity)
        #expect(Transcendental.exp(-.infinity) == 0)
        #expect(Transcendental.exp(710) == .infinity)
        #expect(Transcendental.exp(-746) == 0)
        #expect(Transcendental.exp(-745) == .leastNonzeroMagnitude)
        #expect(Transcendental.exp(.nan).isNaN)
    }

    @Test func logarithm() {
        #expect(Transcendental.log(1) == 0)
        #expect(Transcendental.log(0) == -.infinity)
        #expect(Transcendental.log(.infinity) == .infinity)
        #expect(Transcendental.log(-1).isNaN)
        #expect(Transcendental.log(.nan).isNaN)
    }

    @Test func angles() {
        #expect(Transcendental.cos(0) == 1)
        #expect(Transcendental.sin(-0.0).sign == .minus)
        #expect(Transcendental.sin(1.1e7).isNaN)
        #expect(Transcendental.cos(-.infinity).isNaN)
        #expect(Transcendental.sin(.nan).isNaN)
    }

    @Test func powers() {
        #expect(Transcendental.pow(.nan, 0) == 1)
        #expect(Transcendental.pow(1, .nan) == 1)
        #expect(Transcendental.pow(2, .nan).isNaN)
        #expect(Transcendental.pow(-8, 1.0 / 3).isNaN)
        #expect(Transcendental.pow(-2, 3) == -8)
        #expect(Transcendental.pow(-2, 4) == 16)
        #expect(Transcendental.pow(0, -3) == .infinity)
        #expect(Transcendental.pow(-0.0, -3) == -.infinity)
        #expect(Transcendental.pow(-0.0, 3).sign == .minus)
        #expect(Transcendental.pow(-1, .infinity) == 1)
        #expect(Transcendental.pow(0.5, .infinity) == 0)
        #expect(Transcendental.pow(0.5, -.infinity) == .infinity)
        #expect(Transcendental.pow(-.infinity, 3) == -.infinity)
        #expect(Transcendental.pow(10, 308) == 1e308)
        #expect(Transcendental.pow(10, 400) == .infinity)
        #expect(Transcendental.pow(2, -1074) == .leastNonzeroMagnitude)
        #expect(Transcendental.pow(1 + .ulpOfOne, 1e300) == .infinity)
    }
}
