import Testing

@testable import Clusters

@Suite("What ranks agree on")
struct AgreementTests {
    @Test("The first failure speaks for all, with its rank and host")
    func firstFailure() {
        let hosts = ["alpha", "beta", "gamma"]
        #expect(Cluster.agreedFailure([[], [], []], hosts: hosts) == nil)
        #expect(
            Cluster.agreedFailure([[], Array("65 no such file".utf8), []], hosts: hosts)
                == Failure(status: 65, message: "rank 1 on beta: no such file"))
        #expect(
            Cluster.agreedFailure([[], Array("65 a".utf8), Array("64 b".utf8)], hosts: hosts)
                == Failure(status: 65, message: "rank 1 on beta (and 1 more rank): a"))
        #expect(
            Cluster.agreedFailure([Array("65 a b".utf8)], hosts: ["alpha"]) == Failure(status: 65, message: "a b"))
    }

    @Test("Fingerprints differ in what differs")
    func fingerprints() throws {
        func make(_ context: Int) -> Fingerprint {
            var fingerprint = Fingerprint()
            fingerprint.add("model", "abc", advice: "copy it")
            fingerprint.add("context", context, advice: "same flags")
            return fingerprint
        }
        let decoded = Fingerprint(decoding: make(64).encoded)
        #expect(decoded == make(64))
        #expect(decoded.difference(from: make(64)) == nil)
        let difference = try #require(decoded.difference(from: make(128)))
        #expect(difference.name == "context")
        #expect(difference.mine == "64")
        #expect(difference.theirs == "128")
    }

    @Test("One process alone agrees with itself")
    func alone() throws {
        let cluster = try Cluster.join(timeout: 1)
        #expect(cluster.size == 1)
        #expect(cluster.hosts.count == 1)
        #expect(try cluster.agree { () throws(Failure) in 5 } == 5)
        #expect(throws: Failure(status: 65, message: "x")) {
            try cluster.agree { () throws(Failure) in throw Failure(status: 65, message: "x") }
        }
        try cluster.compare(Fingerprint())
        try cluster.leave()
    }

    @Test(
        "Affinity masks: cores are divided among those that share them",
        arguments: [
            ("3", ["3"], 2), ("3", ["3", "3"], 1), ("f", ["f", "f0"], 4), ("ff", ["ff", "ff", "ff"], 2),
            ("1", ["1", "1"], 1), ("ffffffff,ffffffff", ["ffffffff,ffffffff"], 64),
        ])
    func masks(own: String, all: [String], threads: Int) throws {
        let mask = try #require(CoreMask(hexadecimal: own[...]))
        let masks = try all.map { try #require(CoreMask(hexadecimal: $0[...])) }
        #expect(mask.threadShare(among: masks) == threads)
        #expect(CoreMask(hexadecimal: mask.hexadecimal[...]) == mask)
    }

    @Test("This process may use at least one core")
    func currentMask() { #expect(CoreMask.current().coreCount >= 1) }
}
