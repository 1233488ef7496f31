import ArgumentParser
import Engine
import Launching
import Planning
import Requests

/// Where a plan's hosts come from.
struct ClusterOptions: ParsableArguments {
    @Option(help: "Plan for the hosts of this file, in mpirun's form, without running on them.")
    var hostfile: String?

    @Option(help: "A JSON file that says what hosts and links can do; see hostfiles/example-cluster.json.")
    var cluster: String?

    @Option(help: "Plan for so many ranks, one a host, where no hostfile says it.")
    var ranks: Int?

    private static let mostRanks = 4096

    func validate() throws {
        if let ranks, !(1...Self.mostRanks).contains(ranks) {
            throw ValidationError("--ranks must be 1 to \(Self.mostRanks).")
        }
        if ranks != nil, hostfile != nil { throw ValidationError("--ranks and --hostfile say the same; give one.") }
    }

    /// Whether the hosts are others than those that run this program.
    var isDry: Bool { hostfile != nil || cluster != nil || ranks != nil }

    /// What the files say, and the host of each rank.
    func read() throws -> (file: ClusterFile, names: [String]) {
        let file = try cluster.map { try ClusterFile(json: TextFile.read($0).utf8, path: $0) }
        let hosts = try hostfile.map { try Hostfile.read($0).slots }
        let names = hosts ?? named(file?.rankHosts ?? [])
        guard names.count <= Self.mostRanks else {
            throw EngineError.usage("a plan is for up to \(Self.mostRanks) ranks, and the files name \(names.count)")
        }
        return (file ?? ClusterFile(hosts: []), names)
    }

    /// As many hosts as `--ranks` says: those of the file again and again, or made-up ones.
    private func named(_ hosts: [String]) -> [String] {
        guard let ranks else { return hosts.isEmpty ? ["host1"] : hosts }
        if hosts.isEmpty { return (1...ranks).map { "host\($0)" } }
        return ranks <= hosts.count
            ? Array(hosts.prefix(ranks)) : hosts + (hosts.count + 1...ranks).map { "host\($0)" }
    }
}
