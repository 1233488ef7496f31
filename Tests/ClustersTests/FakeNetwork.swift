import MPI

@testable import Clusters

/// Sign links of several ranks in one thread: what one sends the other can take at once, unless a test keeps it.
final class FakeNetwork {
    private var boxes: [[(sender: Int, bytes: [UInt8])]]
    /// Ranks whose messages get nowhere, and to whom none come.
    var silent: Set<Int> = []

    init(rankCount: Int) { boxes = Array(repeating: [], count: rankCount) }

    func link(of rank: Int) -> any SignLink { FakeLink(rank: rank, network: self) }

    func send(_ message: RollCallMessage, from sender: Int, to rank: Int) {
        guard !silent.contains(sender), !silent.contains(rank) else { return }
        boxes[rank].append((sender, message.encoded))
    }

    /// Takes what has come to `rank`.
    func take(_ rank: Int) -> [(sender: Int, message: RollCallMessage)] {
        defer { boxes[rank] = [] }
        return boxes[rank].map { ($0.sender, RollCallMessage(decoding: $0.bytes)!) }
    }

    fileprivate func receive(_ rank: Int) -> (sender: Int, bytes: [UInt8])? {
        boxes[rank].isEmpty ? nil : boxes[rank].removeFirst()
    }
}

private final class FakeLink: SignLink {
    private let rank: Int
    private let network: FakeNetwork

    init(rank: Int, network: FakeNetwork) { (self.rank, self.network) = (rank, network) }

    func send(_ bytes: [UInt8], to other: Int) {
        network.send(RollCallMessage(decoding: bytes)!, from: rank, to: other)
    }
    func hasSent(to rank: Int) -> Bool { true }
    func receive() -> (sender: Int, bytes: [UInt8])? { network.receive(rank) }
}
