import Testing

@testable import Tensors

@Suite struct NarrowFloatTests {
    @Test func everyHalfSurvivesTheRoundTrip() {
        for bits in UInt16.min...UInt16.max {
            let value = NarrowFloats.widen(half: bits)
            if value.isNaN {
                #expect(bits & 0x7C00 == 0x7C00 && bits & 0x3FF != 0)
            } else if NarrowFloats.half(value) != bits {
                Issue.record("half \(bits) became \(NarrowFloats.half(value))")
            }
        }
    }

    @Test func halvesRoundToNearestEven() {
        // Between neighbours, the middle goes to the even one and everything else to the nearer one.
        for bits in UInt16(0)..<0x7BFF {
            let (low, high) = (NarrowFloats.widen(half: bits), NarrowFloats.widen(half: bits + 1))
            let middle = (low + high) / 2
            let even = bits % 2 == 0 ? bits : bits + 1
            let agrees =
                NarrowFloats.half(middle) == even && NarrowFloats.half(middle.nextDown) == bits
                && NarrowFloats.half(middle.nextUp) == bits + 1 && NarrowFloats.half(-middle) == even | 0x8000
            if !agrees { Issue.record("wrong rounding around half \(bits)") }
        }
    }

    @Test func extremes() {
        #expect(NarrowFloats.half(65519.996) == 0x7BFF)
        #expect(NarrowFloats.half(65520) == 0x7C00)
        #expect(NarrowFloats.half(-.infinity) == 0xFC00)
        #expect(NarrowFloats.half(0x1p-25) == 0)
        #expect(NarrowFloats.half((0x1p-25 as Float).nextUp) == 1)
        #expect(NarrowFloats.half(-0.0) == 0x8000)
        #expect(NarrowFloats.widen(half: NarrowFloats.half(.nan)).isNaN)
        #expect(NarrowFloats.widen(brain: NarrowFloats.brain(.nan)).isNaN)
        #expect(NarrowFloats.brain(.infinity) == 0x7F80)
        #expect(NarrowFloats.brain(.greatestFiniteMagnitude) == 0x7F80)
        #expect(NarrowFloats.brain(1.00390625) == 0x3F80)
        #expect(NarrowFloats.brain(1.01171875) == 0x3F82)
    }
}
