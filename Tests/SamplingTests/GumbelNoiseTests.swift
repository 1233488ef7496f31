import Elementary
import Testing
import Tokenization

@testable import Sampling

@Suite struct GumbelNoiseTests {
    /// The known answers that the paper's authors publish with Random123 (`kat_vectors`, philox4x32 10).
    @Test(
        arguments: [
            ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            (
                [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
            ),
        ] as [([UInt32], [UInt32], [UInt32])])
    func philoxKnownAnswers(counter: [UInt32], key: [UInt32], answer: [UInt32]) {
        #expect(Philox.block(counter: SIMD4(counter), key: SIMD2(key)) == SIMD4(answer))
    }

    @Test func fourBlocksAtOnceAreTheSame() {
        let key = SIMD2<UInt32>(0xa409_3822, 0x299f_31d0)
        let dirt: UInt64 = 0xdead_beef << 32
        for number in stride(from: 0 as UInt32, to: 4000, by: 37) {
            let four = Philox.blocks(
                counters: .init(
                    x: SIMD4(repeating: dirt | 5), y: SIMD4(repeating: 0xffff_ffff), z: SIMD4(repeating: 7),
                    w: SIMD4((0..<4).map { UInt64(number + $0) })), key: key)
            for lane in 0..<4 {
                let one = Philox.block(counter: SIMD4(5, 0xffff_ffff, 7, number + UInt32(lane)), key: key)
                let words = [four.x[lane], four.y[lane], four.z[lane], four.w[lane]]
                #expect(words.map { UInt32(truncatingIfNeeded: $0) } == (0..<4).map { one[$0] })
            }
        }
    }

    @Test func everyPartOfTheKeyMatters() {
        let base = RandomKey(seed: 7, choice: 0, position: 5)
        let others = [
            RandomKey(seed: 8, choice: 0, position: 5), RandomKey(seed: 7 + 1 << 40, choice: 0, position: 5),
            RandomKey(seed: 7, choice: 1, position: 5), RandomKey(seed: 7, choice: 0, position: 6),
            RandomKey(seed: 7, choice: 0, position: 5 + 1 << 40),
        ]
        func bits(_ key: RandomKey) -> [UInt32] { (0..<100).map { GumbelNoise(key).bits(of: $0) } }
        #expect(others.allSatisfy { Set(bits($0)).isDisjoint(with: bits(base)) })
        #expect(Set(bits(base)).count == 100)
        #expect(bits(RandomKey(seed: 7, choice: 0, position: 5)) == bits(base))
    }

    /// Bits that every host must find, whichever way it makes them.
    @Test func goldenBits() {
        let noise = GumbelNoise(RandomKey(seed: 42, choice: 3, position: 17))
        #expect(
            [0, 1, 4, 16, 151_935].map { noise.bits(of: $0) } == [
                0x43cc_f0ff, 0xf864_b15e, 0x8941_1a65, 0x93dc_417b, 0xd3a7_0bb7,
            ])
        var group = [UInt32](repeating: 0, count: GumbelNoise.groupSize)
        for first in stride(from: 0, to: 2048, by: GumbelNoise.groupSize) {
            noise.fill(&group, from: first)
            #expect(group == group.indices.map { noise.bits(of: TokenID(first + $0)) })
        }
    }

    @Test func noiseIsBounded() {
        #expect((33 * Transcendental.log(2) - GumbelNoise.value(ofBits: .max)).magnitude < 1e-9)
        #expect(GumbelNoise.value(ofBits: .max) < GumbelNoise.bound)
        #expect(GumbelNoise.value(ofBits: 0) > -3.2)
    }

    @Test func whoeverReachesANoiseHasTheBitsForIt() {
        for step in 0..<3000 {
            let noise = Double(step) * 0.01 - 4
            let lowest = GumbelNoise.lowestBits(reaching: noise)
            if lowest > 0 { #expect(GumbelNoise.value(ofBits: lowest - 1) < noise) }
        }
    }
}
