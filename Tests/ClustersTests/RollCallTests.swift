import MPI
import TestSupport
import Testing

@testable import Clusters

/// Ranks on a network that is not there, by a clock that stands until a test moves it on.
@Suite("Roll calls")
struct RollCallTests {
    /// It looks at every poll, of which few suffice: where others want the core each takes its time.
    private static let sleepless = WaitPolicy(yieldTime: .seconds(3600))

    private let time = ManualTime()
    private let network = FakeNetwork(rankCount: 4)

    private func rollCall(_ rank: Int, timeout: Double = 4) -> RollCall {
        let rollCall = RollCall(network.link(of: rank), rank: rank, size: 4, timeout: timeout, time: time)
        rollCall.hosts = ["alpha", "beta", "gamma", "delta"]
        rollCall.haveMet = true
        rollCall.activity = "the ranks load their layers"
        return rollCall
    }

    /// Lets `seconds` pass in the wait of `rollCall`; `speakers` give their signs of life.
    ///
    /// - Returns: Why the wait ended, and after how many seconds; nil where it did not.
    private func wait(_ rollCall: RollCall, _ seconds: Double, speakers: Set<Int> = []) -> (end: RunEnd, after: Double)?
    {
        let start = time.now
        do {
            try rollCall.wait(Self.sleepless) {
                time.advance(by: .milliseconds(100))
                for speaker in speakers { network.send(.sign, from: speaker, to: rollCall.rank) }
                return (time.now - start).seconds >= seconds
            }
            return nil
        } catch { return (error, (time.now - start).seconds) }
    }

    private func reason(_ end: RunEnd?) -> String? { if case .failure(let reason) = end { reason } else { nil } }

    @Test("Rank 0 names the one that is silent, not those that wait with it")
    func silentRank() throws {
        let found = try #require(wait(rollCall(0), 60, speakers: [1, 3]))
        #expect(
            reason(found.end)
                == "no sign of life from rank 2 on gamma for 4 s while the ranks load their layers: that rank, its machine or "
                + "the network between has stopped")
        #expect((4...4.9).contains(found.after))
    }

    @Test("All that fell silent together are named")
    func severalSilentRanks() throws {
        let found = try #require(wait(rollCall(0), 60, speakers: [1]))
        #expect(
            reason(found.end)?.hasPrefix("no sign of life from rank 2 on gamma and rank 3 on delta for 4 s") == true)
    }

    @Test("A rank that gives signs of life may take as long as it likes")
    func slowRanks() { #expect(wait(rollCall(0), 40, speakers: [1, 2, 3]) == nil) }

    @Test("Time in which this rank itself was stopped is nobody's silence")
    func ownPause() throws {
        let rollCall = rollCall(0)
        rollCall.begin()
        time.advance(by: .seconds(3600))
        try rollCall.look()
        try rollCall.judge()
    }

    @Test("A silent rank 0 is named by rank 1 first, by others after a while", arguments: [1, 2, 3])
    func silentRankZero(rank: Int) throws {
        let found = try #require(wait(rollCall(rank), 60))
        #expect(reason(found.end)?.hasPrefix("no sign of life from rank 0 on alpha for 4 s") == true)
        #expect(found.after > 4 + Double(rank) - 0.01 && found.after < 6 + Double(rank))
    }

    @Test("Signs of life come while ranks wait, in time")
    func signsAreGiven() {
        #expect(wait(rollCall(2), 3, speakers: [0]) == nil)
        let signs = network.take(0)
        #expect(signs.count >= 4 && signs.allSatisfy { $0.sender == 2 && $0.message == .sign })
        #expect(wait(rollCall(0), 3, speakers: [1, 2, 3]) == nil)
        #expect((1...3).allSatisfy { network.take($0).count >= 4 })
    }

    @Test("Parts come to rank 0, and all of them to all")
    func exchange() throws {
        for rank in 1...3 { network.send(.part([UInt8(rank), 7]), from: rank, to: 0) }
        let all: [[UInt8]] = [[], [1, 7], [2, 7], [3, 7]]
        #expect(try rollCall(0).exchange([]) == all)
        #expect(network.take(2).map(\.message) == [.whole(all.joinedWithLengths)])
        network.send(.whole(all.joinedWithLengths), from: 0, to: 3)
        #expect(try rollCall(3).exchange([3, 7]) == all)
        #expect(network.take(0).map(\.message) == [.part([3, 7])])
    }

    @Test("What a rank knows of a failure rank 0 says, with its name, and others are silent")
    func failureElsewhere() throws {
        network.send(.failure("a disk hangs"), from: 3, to: 0)
        #expect(reason(wait(rollCall(0), 1, speakers: [1, 2])?.end) == "rank 3 on delta: a disk hangs")
        network.send(.failure(""), from: 0, to: 2)
        guard case .elsewhere = wait(rollCall(2), 1)?.end else { throw Missed() }
        rollCall(0).announceFailure()
        #expect((1...3).allSatisfy { network.take($0).map(\.message) == [.failure("")] })
    }

    @Test("A run that is asked to end before it begins ends on all ranks")
    func askedToEnd() throws {
        let rollCall = rollCall(0)
        let request = EndRequest()
        rollCall.endRequest = request
        #expect(wait(rollCall, 1, speakers: [1, 2, 3]) == nil)
        request.make()
        guard case .asked = wait(rollCall, 1, speakers: [1, 2, 3])?.end else { throw Missed() }
        for rank in 1...3 { network.send(.farewell, from: rank, to: 0) }
        _ = network.take(1)
        try rollCall.endTogether()
        #expect(network.take(1).map(\.message) == [.end, .farewell])
        network.send(.end, from: 0, to: 2)
        guard case .asked = wait(self.rollCall(2), 1)?.end else { throw Missed() }
    }

    /// Ranks that have all parts go on: so does rank 0, whoever asks for the end at this moment.
    @Test("Nobody ends alone at the end of an exchange")
    func askedTooLate() throws {
        let rollCall = rollCall(0)
        for rank in 1...3 { network.send(.part([]), from: rank, to: 0) }
        try rollCall.look()
        rollCall.endRequest = EndRequest()
        rollCall.endRequest?.make()
        #expect(try rollCall.exchange([]).count == 4)
    }

    @Test("Those that have left are not missed, those that have not are")
    func leaving() throws {
        let rollCall = rollCall(0)
        network.send(.farewell, from: 1, to: 0)
        network.send(.farewell, from: 3, to: 0)
        #expect(wait(rollCall, 20, speakers: [2]) == nil)
        #expect(reason(wait(rollCall, 60)?.end)?.contains("from rank 2 on gamma for") == true)
        network.send(.farewell, from: 2, to: 0)
        try rollCall.sayFarewell()
        #expect(network.take(1).last?.message == .farewell)
    }

    @Test("Before ranks have met, hosts are not known and networks may be wrong")
    func meeting() throws {
        let rollCall = RollCall(network.link(of: 0), rank: 0, size: 4, timeout: 4, time: time)
        let found = try #require(wait(rollCall, 60, speakers: [1, 3]))
        let words = try #require(reason(found.end))
        #expect(words.hasPrefix("no sign of life from rank 2 for 4 s while the ranks meet: "))
        #expect(words.contains("--interface"))
    }

    private struct Missed: Error {}
}
