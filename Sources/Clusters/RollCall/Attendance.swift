/// When this rank has heard the others last, as far as it listened.
///
/// Only time in which this rank looked counts. One that was stopped or starved of its core has missed nothing yet:
/// whatever came meanwhile waits for its next look.
struct Attendance {
    /// Seconds that this rank has listened.
    private var listened = 0.0
    /// How long it had listened when it began to last.
    private var beginning = 0.0
    /// How long it had listened when it heard each rank last.
    private var heard: [Double]

    private static let longestStep = 0.1

    init(rankCount: Int) { heard = Array(repeating: 0, count: rankCount) }

    /// Begins to listen: what was before counts against nobody.
    mutating func begin() {
        beginning = listened
        for rank in heard.indices { heard[rank] = listened }
    }

    /// Seconds of listening since then.
    var seconds: Double { listened - beginning }

    /// Some seconds have passed since the last look.
    mutating func listen(for elapsed: Double) { listened += min(elapsed, Self.longestStep) }

    mutating func hear(_ rank: Int) { heard[rank] = listened }

    /// Seconds of listening in which nothing came from `rank`.
    func silence(of rank: Int) -> Double { listened - heard[rank] }
}
