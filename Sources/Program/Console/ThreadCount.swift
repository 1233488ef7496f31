import Figures

/// How many threads a rank runs, and what they are fewer for than there are cores.
struct ThreadCount {
    let text: String

    /// - Parameter quota: Cores whose time the rank gets; nil: that of all that it may use.
    init(_ threads: Int, quota: Double?) {
        text = "\(threads) threads" + (quota.map { " under a CPU quota of \($0.decimal(2)) cores" } ?? "")
    }
}
