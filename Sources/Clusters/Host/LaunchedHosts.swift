import Glibc

/// The hosts of all ranks, as `launch` shares them out: known before ranks have met, and by nobody else then.
enum LaunchedHosts {
    /// By rank; none where ranks were started otherwise.
    static var all: [String] {
        guard let names = getenv("STAGECOACH_RANK_HOSTS") else { return [] }
        // A hostfile may name users too.
        return String(cString: names).split(separator: ",").map { String($0.split(separator: "@").last ?? $0) }
    }
}
