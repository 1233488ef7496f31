import Foundation
import Requests
import Sampling
import Synchronization
import Testing
import Tokenization
import Transformer

@testable import Engine

/// What goes wrong or is slow for one request, beside others.
@Suite("One request's fault is its own")
struct FaultTests {
    private static func request(_ ids: [TokenID], maxTokens: Int = 12) -> GenerationRequest {
        GenerationRequest(
            promptIDs: ids, maxTokens: maxTokens, parameters: SamplingParameters(), seed: 0, ignoresEndTokens: true)
    }

    /// Ends that make a logit of the second of two rows NaN, once.
    private final class DamagedEnds: ModelEnds {
        private let inner: any ModelEnds
        private var pairCount = 0
        private var damaged: [Float] = []

        init(_ inner: any ModelEnds) { self.inner = inner }

        func embed(_ tokens: ArraySlice<Int32>, into hidden: UnsafeMutablePointer<Float>) throws {
            try inner.embed(tokens, into: hidden)
        }

        func logits(of hidden: UnsafePointer<Float>, count: Int) -> LogitTile {
            let tile = inner.logits(of: hidden, count: count)
            if count == 2 { pairCount += 1 }
            guard count == 2, pairCount == 3 else { return tile }
            damaged = Array(tile[0]) + Array(tile[1])
            damaged[tile[0].count + 7] = .nan
            return damaged.withUnsafeBufferPointer {
                LogitTile($0.baseAddress!, vocabSize: tile[0].count, stride: tile[0].count)
            }
        }
    }

    @Test("Where no token can be chosen for one, it fails with the reason and the others go on")
    func sampling() throws {
        let (mailbox, log) = (Mailbox(), EventLog())
        let requests = [Self.request([5, 6, 7]), Self.request([8, 9]), Self.request([8, 9])]
        mailbox.start(requests[0], hashesLogits: true, onEvent: log.handler(0))
        mailbox.start(requests[1], streams: true, onEvent: log.handler(1))
        // Waits until the one before has left its slot.
        mailbox.start(requests[2], onEvent: log.handler(2))
        mailbox.close(finishing: true)
        var alone: GenerationResult?
        try LoopbackRing.run(layerCounts: [3], sequences: 2, kvBlocks: 8) { coordinator in
            alone = try coordinator.generate(requests[0], hashesLogits: true)
        }
        try LoopbackRing.run(layerCounts: [3], sequences: 2, kvBlocks: 8, replaceEnds: DamagedEnds.init) {
            coordinator in
            try coordinator.serve(mailbox)
            #expect(coordinator.scheduler.isIdle && coordinator.consumers.isEmpty)
            #expect(coordinator.scheduler.freeBlockCount == 8)
        }
        #expect(log.result(0)?.ids == alone?.ids && log.result(0)?.logitsHash == alone?.logitsHash)
        guard case .failed(let reason)? = log[1].last else {
            Issue.record("\(log[1])")
            return
        }
        #expect(reason.contains("nan for token 7") && log[1].count { $0.isLast } == 1 && log[1].count > 1)
        #expect(log.result(2)?.ids.count == 12)
    }

    @Test("Alone it is the error of whoever asks")
    func alone() throws {
        try LoopbackRing.run(layerCounts: [3], sequences: 2, kvBlocks: 8, replaceEnds: DamagedEnds.init) {
            coordinator in
            let other = Self.request([5, 6, 7], maxTokens: 30)
            try coordinator.start(other) { _ in }
            #expect(throws: SamplerError.self) { try coordinator.generate(Self.request([8, 9])) }
            #expect(coordinator.scheduler.runningCount == 1)
            while try coordinator.step() {}
        }
    }

    @Test("A cancellation is answered, and a request taken, while a microbatch is on its way for seconds")
    func longRound() throws {
        let (mailbox, log) = (Mailbox(), EventLog())
        let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let isFirst = Atomic(true)
        let wasAnswered = Atomic(false)
        Thread.detachNewThread {
            let request = Self.request([5, 6, 7])
            mailbox.start(request, onEvent: log.handler(0))
            begun.wait()
            // Longer than rank 0 once looked at its mail.
            usleep(1_100_000)
            mailbox.cancel(request.id)
            for _ in 0..<1000 where log[0].isEmpty { usleep(10_000) }
            wasAnswered.store(!log[0].isEmpty, ordering: .relaxed)
            gate.signal()
            mailbox.close(finishing: true)
        }
        try LoopbackRing.run(
            layerCounts: [1, 2], sequences: 2, kvBlocks: 8,
            beforeStage: {
                guard isFirst.exchange(false, ordering: .relaxed) else { return }
                begun.signal()
                gate.wait()
            },
            { coordinator in try coordinator.serve(mailbox) })
        let answered = wasAnswered.load(ordering: .relaxed)
        #expect(answered)
        #expect(log.result(0)?.stopReason == .cancelled)
    }
}
