import Clusters
import FoundationEssentials
import Kernels
import Planning
import Platform
import Probes
import Requests
import SystemPackage

/// Surveys that need not measure what is known.
extension Survey {
    /// What hosts and links can do, as far as `source` knows it; the rest is measured. All ranks come here together.
    ///
    /// - Returns: also, on rank 0, a sentence about what was not measured now; nil where all was.
    func profile(
        _ cluster: Cluster, from source: ProfileSource, store: ProfileStore = .standard
    ) throws(Failure) -> (profile: ClusterProfile, note: String?) {
        guard source != .measured else { return (try profile(cluster), nil) }
        let site = try cluster.agree { try self.site(cluster) }
        let sites = try cluster.share(encoding: site)
        let work = ProbedWork(shape, kvType: kvType)
        let now = Int(Date().timeIntervalSince1970)
        let found = try cluster.agree {
            cluster.rank == 0 ? try self.known(sites, work, from: source, store, now: now) : nil
        }
        let known = try cluster.fromRankZero(found) ?? .nothing(rankCount: cluster.size)
        let profile = try self.profile(cluster, knowing: known)
        guard cluster.rank == 0 else { return (profile, nil) }
        if source.isKept, !known.isComplete {
            // Where the folder cannot be written the next start takes some seconds more, and this one goes on.
            try? store.update { $0.keep(profile, beyond: known, sites, work, effort: effort.rawValue, now: now) }
        }
        return (profile, note(known, source, now: now))
    }

    private func known(
        _ sites: [RankSite], _ work: ProbedWork, from source: ProfileSource, _ store: ProfileStore, now: Int
    ) throws -> KnownProfile? {
        switch source {
        case .measured, .fresh: return nil
        case .kept: return store.read().known(sites, work, effort: effort.rawValue, now: now)
        case .file(let path):
            let bytes: [UInt8]
            do throws(Errno) { bytes = try FilePath(path).contents() } catch {
                throw EngineError.badInput("cannot read \(path): \(error)")
            }
            return try ClusterFile(json: bytes, path: path).known(sites)
        }
    }

    private func note(_ known: KnownProfile, _ source: ProfileSource, now: Int) -> String? {
        guard known.knownHostCount > 0 else { return nil }
        let what =
            known.isComplete ? "hosts and links" : "hosts of \(known.knownHostCount) of \(known.hosts.count) ranks"
        if case .file(let path) = source { return "\(what) are taken as \(path) has them" }
        return "\(what) are taken as they were measured \(known.age(at: now)); --profile fresh measures all again"
    }

    /// Where this rank is.
    private func site(_ cluster: Cluster) throws -> RankSite {
        RankSite(
            host: cluster.hosts[cluster.rank],
            machine: cluster.bootID.isEmpty ? cluster.hosts[cluster.rank] : cluster.bootID,
            processor: Processor.name, threads: threads ?? cluster.hostShare.threadCount,
            instructionSet: try InstructionSet.chosen().rawValue, build: try Build.identity,
            network: NetworkIdentity.here)
    }
}

extension ProfileSource {
    /// Whether what is measured is kept for later starts.
    fileprivate var isKept: Bool { self == .fresh || self == .kept }
}

extension Build {
    /// What tells this program apart from others of its version.
    fileprivate static var identity: String {
        get throws {
            let status = try FilePath("/proc/self/exe").stat()
            return "\(version), \(status.size) bytes of \(status.st_mtim.tv_sec)"
        }
    }
}
