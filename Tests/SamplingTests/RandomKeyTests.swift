import Testing

@testable import Sampling

@Suite struct RandomKeyTests {
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

    @Test func unitTakesTheTop53BitsOfTheFirstTwoWords() {
        let expected = Double((0x6627_e8d5_e169_c58d as UInt64) >> 11) / 0x1p53
        #expect(RandomKey(seed: 0, position: 0).unit == expected)
    }

    @Test func everyPartOfTheKeyMatters() {
        let base = RandomKey(seed: 7, choice: 0, position: 5)
        let others = [
            RandomKey(seed: 8, choice: 0, position: 5), RandomKey(seed: 7 + 1 << 40, choice: 0, position: 5),
            RandomKey(seed: 7, choice: 1, position: 5), RandomKey(seed: 7, choice: 0, position: 6),
        ]
        #expect(others.allSatisfy { $0.unit != base.unit })
        #expect(RandomKey(seed: 7, choice: 0, position: 5).unit == base.unit)
    }
}
