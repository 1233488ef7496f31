import Testing

@testable import Planning

@Suite struct FiguresTests {
    @Test func figuresStandForAllHostsAndLinks() throws {
        let file = try ClusterFile(figures: "cores=8,read=20,gigaops=400,memory=32,gbit=10,delay=50")
        let profile = try file.profile(of: ["a", "b"], assuming: nil)
        #expect(profile.hosts.map(\.name) == ["a", "b"] && profile.hosts.map(\.threads) == [8, 8])
        #expect(profile.hosts.allSatisfy { $0.readBandwidth == 20e9 && $0.integerRate == 400e9 })
        #expect(profile.hosts.allSatisfy { $0.memoryBytes == 32 << 30 })
        #expect(profile.edges == Array(repeating: LinkProfile(delay: 50e-6, bandwidth: 1.25e9), count: 2))
    }

    @Test(arguments: [
        "", "read", "read=", "read=fast", "speed=1", "read=-1", "cores=0", "read=20,", "gbit=0", "read=nan",
    ])
    func whatIsNoFigureIsRefused(_ text: String) {
        #expect(throws: ClusterFileError.self) { try ClusterFile(figures: text) }
    }
}
