import Planning
import Requests
import Tensors
import Tokenization

/// The hosts that a run is to be like.
struct Emulation {
    let profile: ClusterProfile
    let speed: Double

    init(_ configuration: EmulationConfiguration, rankCount: Int) throws {
        let given = configuration.cluster.rankHosts
        guard given.isEmpty || given.count == rankCount else {
            throw EngineError.usage(
                "the cluster to emulate has hosts for \(given.count) ranks and \(rankCount) run: start as many, or "
                    + "describe all hosts by one named *")
        }
        let names = given.isEmpty ? (1...rankCount).map { "host\($0)" } : given
        do {
            profile = try configuration.cluster.profile(of: names, assuming: nil)
        } catch { throw EngineError.badInput("\(error)") }
        speed = configuration.speed
    }

    func host(of rank: Int) -> HostProfile { profile.hosts[rank] }

    /// A hash of everything that decides a time, for ranks to compare.
    var digest: String {
        var text = "\(profile) \(speed)"
        return text.withUTF8 { bytes in
            var hash = FNV1a()
            hash.combine(UnsafeRawBufferPointer(bytes))
            return String(hash.hash, radix: 16)
        }
    }

    /// A token that ends nothing, so that generation goes on.
    static func token(for tokenizer: Tokenizer?, vocabSize: Int) -> Int {
        let middle = vocabSize / 2
        guard let tokenizer else { return middle }
        return (middle..<vocabSize).first { !tokenizer.vocabulary.endsGeneration(TokenID($0)) } ?? middle
    }
}
