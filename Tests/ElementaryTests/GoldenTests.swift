import Elementary
import Testing

/// Exact bits: every host must print these, and a change here changes the tokens of every model.
@Suite struct GoldenTests {
    @Test(
        arguments: [
            (1.0, 0x4005_bf0a_8b14_576a), (-1.0, 0x3fd7_8b56_362c_ef38), (-0.3, 0x3fe7_b4c8_69c3_7c05),
            (0.6931471805599453, 0x4000_0000_0000_0000),
            (-87.33654, 0x3810_0004_fb38_4ca0), (-700.25, 0xca_f5fe_9a48_5c8e), (709.5, 0x7fe8_1e9b_4b52_d0c9),
            (-740.0, 0x55),
        ] as [(Double, UInt64)])
    func exponential(x: Double, bits: UInt64) {
        #expect(Transcendental.exp(x).bitPattern == bits)
    }

    @Test(
        arguments: [
            (2.0, 0x3fe6_2e42_fefa_39ef), (10.0, 0x4002_6bb1_bbb5_5516), (0.9999, 0xbf1a_3738_d2cf_1cc2),
            (0x1p-1060, 0xc086_f5e3_59f1_05f9), (49152.0, 0x4025_9af7_ee70_9313), (0.1, 0xc002_6bb1_bbb5_5515),
        ] as [(Double, UInt64)])
    func logarithm(x: Double, bits: UInt64) {
        #expect(Transcendental.log(x).bitPattern == bits)
    }

    @Test(
        arguments: [
            (1.0, 0x3fea_ed54_8f09_0cee, 0x3fe1_4a28_0fb5_068c), (-2.5, 0xbfe3_26af_0dcf_cab0, 0xbfe9_a2f7_ef85_8b7d),
            (3.14159, 0x3ec6_428a_6aa4_4cd0, 0xbfef_ffff_ffff_8420),
            (8191.0, 0xbfe8_6a8d_36dc_a1db, 0xbfe4_af3b_1102_ac8b),
            (999999.0, 0xbfef_4677_c484_58b4, 0x3fcb_165c_de80_ddd4),
            (0.001, 0x3f50_624d_a521_8a62, 0x3fef_fffe_f390_876c),
        ] as [(Double, UInt64, UInt64)])
    func angles(x: Double, sine: UInt64, cosine: UInt64) {
        #expect(Transcendental.sin(x).bitPattern == sine)
        #expect(Transcendental.cos(x).bitPattern == cosine)
    }

    @Test(
        arguments: [
            (10000.0, -0.015625, 0x3feb_b5fa_d00a_b22c), (500000.0, -0.984375, 0x3ec4_985f_ec80_a8cb),
            (1.5, 1000.5, 0x6483_17d7_955a_28cc), (0.3, -2.0, 0x4026_38e3_8e38_e38f),
        ] as [(Double, Double, UInt64)])
    func powers(x: Double, y: Double, bits: UInt64) {
        #expect(Transcendental.pow(x, y).bitPattern == bits)
    }

    /// One number for many points.
    @Test func digest() {
        var generator = Weyl()
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        for _ in 0..<20_000 {
            let unit = generator.unit()
            let values = [
                Transcendental.exp(-50 * unit), Transcendental.log(unit + 0x1p-60), Transcendental.sin(1e6 * unit),
                Transcendental.cos(1e6 * unit), Transcendental.pow(10000, -unit),
            ]
            for value in values { digest = (digest ^ value.bitPattern) &* 0x100_0000_01b3 }
        }
        #expect(digest == 0x96c3_a760_d6f9_d64f)
    }
}
