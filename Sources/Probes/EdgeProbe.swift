import Clusters
import MPI
import Planning
import Platform
import Ring

/// Sends messages to and fro between neighbours on the ring, all edges of a round at once.
///
/// Even ranks ask first, then odd ones; with an odd number of ranks the last edge is alone in a third round.
struct EdgeProbe {
    private let cluster: Cluster

    private static let tag = 7
    private static let pingCount = 20
    private static let byteCount = 512 << 10
    /// Large messages go on for so long, in seconds: networks let the first ones through faster than the rest.
    private static let leastSeconds = 0.02
    /// On a link so slow that one message takes this long, one is enough.
    private static let mostSeconds = 0.2
    private static let mostMessages = 64

    init(_ cluster: Cluster) { self.cluster = cluster }

    func measure() throws(PipelineError) -> LinkProfile {
        let (rank, size) = (cluster.rank, cluster.size)
        let previous = cluster.previousRank
        var edge = LinkProfile.sharedMemory
        for round in 0..<(size % 2 == 0 ? 2 : 3) {
            if Self.round(of: rank, size) == round { edge = try ask(next: (rank + 1) % size) }
            if Self.round(of: previous, size) == round { try answer(previous) }
            _ = try cluster.exchange([])
        }
        return edge
    }

    private static func round(of edge: Int, _ size: Int) -> Int { size % 2 == 1 && edge == size - 1 ? 2 : edge % 2 }

    private func ask(next: Int) throws(PipelineError) -> LinkProfile {
        var delays: [Double] = []
        for _ in 0..<Self.pingCount { delays.append(try roundTrip(next, byteCount: 1) / 2) }
        let delay = delays.sorted()[delays.count / 2]
        var times: [Double] = []
        var total = 0.0
        while times.count < Self.mostMessages, total < (times.count < 2 ? Self.mostSeconds : Self.leastSeconds) {
            let seconds = try roundTrip(next, byteCount: Self.byteCount)
            times.append(max(seconds - 2 * delay, 1e-7))
            total += seconds
        }
        // A message of two bytes ends it.
        _ = try finish(cluster.beginSend(MessageBuffer(copying: [0, 0]), to: next, tag: Self.tag))
        let later = times[(times.count / 2)...].sorted()
        return LinkProfile(delay: delay, bandwidth: Double(Self.byteCount) / later[later.count / 2])
    }

    private func answer(_ previous: Int) throws(PipelineError) {
        while true {
            let question = try finish(cluster.beginReceive(Self.byteCount, from: previous, tag: Self.tag))
            if question.count == 2 { return }
            let answer = MessageBuffer(copying: CollectionOfOne(1))
            _ = try finish(cluster.beginSend(answer, to: previous, tag: Self.tag))
        }
    }

    private func roundTrip(_ next: Int, byteCount: Int) throws(PipelineError) -> Double {
        let answer = try cluster.beginReceive(1, from: next, tag: Self.tag)
        let buffer = MessageBuffer(copying: repeatElement(1, count: byteCount))
        var watch = Stopwatch()
        let question = try cluster.beginSend(buffer, to: next, tag: Self.tag)
        _ = try finish(answer)
        let seconds = watch.lap()
        _ = try finish(question)
        return seconds
    }

    private func finish(_ request: consuming Request) throws(PipelineError) -> MessageBuffer {
        try cluster.finish(request, waiting: .yielding)
    }
}
