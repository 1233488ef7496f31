import Synchronization
import TestSupport
import Testing

@testable import Clusters

@Suite("What ranks watch")
struct WatchTests {
    @Test("Work stands still where nothing is read and nothing computed")
    func standstill() {
        var sample = WorkSample(processorSeconds: 1, readCount: 100)
        var standstill = Standstill(sample, longestStep: 1)
        for _ in 0..<10 { standstill.look(sample, after: 0.5) }
        #expect(standstill.seconds == 5)
        sample.readCount += 1
        standstill.look(sample, after: 0.5)
        #expect(standstill.seconds == 0)
        for _ in 0..<4 { standstill.look(sample, after: 0.5) }
        #expect(standstill.seconds == 2)
        sample.processorSeconds += 0.1
        standstill.look(sample, after: 0.5)
        #expect(standstill.seconds == 0)
    }

    @Test("What threads take that do nothing is no work, and a pause of the process no standstill")
    func standstillOfIdleThreads() {
        var sample = WorkSample(processorSeconds: 1, readCount: 100)
        var standstill = Standstill(sample, longestStep: 1)
        sample.processorSeconds += 0.001
        standstill.look(sample, after: 0.5)
        #expect(standstill.seconds == 0.5)
        standstill.look(sample, after: 3600)
        #expect(standstill.seconds == 1.5)
    }

    @Test("The kernel counts what this process computes and reads")
    func samples() throws {
        let first = WorkSample.now
        let thread = TestThread {
            var sum = 0.0
            for index in 0..<20_000_000 { sum += Double(index).squareRoot() }
            #expect(sum > 0)
            _ = SystemFile.read("/proc/self/status")
        }
        try thread.join()
        let second = WorkSample.now
        #expect(second.processorSeconds > first.processorSeconds)
        #expect(second.readCount > first.readCount)
    }

    @Test("A call that returns in time is no news; a late one is told again and again")
    func calls() {
        let count = Mutex(0)
        CallWatch(limit: 3600) { _ in count.withLock { $0 += 1 } }.stop()
        #expect(count.withLock { $0 } == 0)
        let watch = CallWatch(limit: 0) { _ in count.withLock { $0 += 1 } }
        while count.withLock({ $0 }) < 2 {}
        watch.stop()
    }

    @Test("Ranks know what they tell each other when they meet")
    func identities() throws {
        let identity = RankIdentity(host: "alpha", bootID: "b", runID: .max - 1, limits: [3, 0])
        let read = try #require(RankIdentity(identity.encoded))
        #expect(read.host == "alpha" && read.bootID == "b" && read.runID == .max - 1 && read.limits == [3, 0])
        #expect(read.isOnHost(of: identity))
        let other = RankIdentity(host: "alpha", bootID: "c", runID: 0, limits: identity.limits)
        #expect(!other.isOnHost(of: identity))
        for count in 0..<identity.encoded.count { #expect(RankIdentity(Array(identity.encoded[..<count])) == nil) }
    }
}
