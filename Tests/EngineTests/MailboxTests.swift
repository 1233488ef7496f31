import Foundation
import Requests
import Sampling
import Synchronization
import TestSupport
import Testing
import Tokenization

@testable import Engine

/// All that the engine told, by request.
final class EventLog: Sendable {
    private let events = Mutex<[Int: [EngineEvent]]>([:])

    func handler(_ index: Int) -> Mailbox.Handler {
        { event in self.events.withLock { $0[index, default: []].append(event) } }
    }

    subscript(index: Int) -> [EngineEvent] { events.withLock { $0[index] ?? [] } }

    var lastEventCount: Int { events.withLock { $0.values.reduce(0) { $0 + $1.count { $0.isLast } } } }

    /// The result of a request, if its last event is one.
    func result(_ index: Int) -> GenerationResult? {
        if case .ended(let result) = self[index].last { result } else { nil }
    }

    func text(_ index: Int) -> String {
        self[index].reduce(into: "") { if case .token(let token) = $1 { $0 += token.text } }
    }
}

@Suite("The mailbox")
struct MailboxTests {
    private static func request(_ ids: [TokenID] = [5, 6, 7], maxTokens: Int = 8) -> GenerationRequest {
        GenerationRequest(
            promptIDs: ids, maxTokens: maxTokens, parameters: SamplingParameters(), seed: 0, ignoresEndTokens: true)
    }

    private func serve(_ mailbox: Mailbox, post: @escaping @Sendable () -> Void) throws {
        Thread.detachNewThread { post() }
        try LoopbackRing.run(layerCounts: [1, 2], sequences: 2, kvBlocks: 8) { coordinator in
            try coordinator.serve(mailbox)
            #expect(coordinator.scheduler.isIdle)
            #expect(coordinator.scheduler.freeBlockCount == 8)
        }
    }

    @Test("What is asked before the engine serves, or while it sleeps, is answered; closing finishes it")
    func answers() throws {
        let (mailbox, log) = (Mailbox(), EventLog())
        mailbox.start(Self.request(), streams: true, onEvent: log.handler(0))
        try serve(mailbox) {
            while log.result(0) == nil { usleep(1000) }
            mailbox.start(Self.request(), hashesLogits: true, onEvent: log.handler(1))
            mailbox.close(finishing: true)
        }
        let (first, second) = (try #require(log.result(0)), try #require(log.result(1)))
        #expect(first.ids.count == 8 && second.ids == first.ids)
        #expect(first.logitsHash == nil && second.logitsHash != nil)
        #expect(log.text(0) == first.text && log[0].count > 1)
        #expect(log[1].count == 1)
        #expect(mailbox.openCount == 0)
    }

    @Test("What cannot be taken is refused with a reason, and the others go on")
    func refusals() throws {
        let (mailbox, log) = (Mailbox(), EventLog())
        var requests = (0..<7).map { _ in Self.request() }
        requests[0].promptIDs = []
        requests[1].promptIDs = [99_999]
        requests[2].promptIDs = Array(repeating: 3, count: 193)
        requests[3].maxTokens = 0
        requests[4].parameters.temperature = -1
        requests[5].stopStrings = [""]
        requests[6].parameters.logitBias = Dictionary(
            uniqueKeysWithValues: (0..<512).map { (TokenID($0), -Double.infinity) })
        for (index, request) in requests.enumerated() { mailbox.start(request, onEvent: log.handler(index)) }
        mailbox.start(Self.request(), onEvent: log.handler(7))
        mailbox.close(finishing: true)
        try serve(mailbox) {}
        for index in 0..<7 {
            guard case .refused(let reason)? = log[index].first else {
                Issue.record("request \(index): \(log[index])")
                continue
            }
            #expect(!reason.isEmpty && log[index].count == 1)
        }
        #expect(log.result(7)?.ids.count == 8)
    }

    @Test("Cancelling ends waiting and running requests, and nothing else")
    func cancellation() throws {
        let (mailbox, log) = (Mailbox(), EventLog())
        let requests = (0..<6).map { Self.request([TokenID(5 + $0)], maxTokens: 150) }
        for (index, request) in requests.enumerated() {
            let handler = log.handler(index)
            mailbox.start(request, streams: true) { event in
                handler(event)
                // The first ends while it runs, before its second text.
                if index == 0, !event.isLast { mailbox.cancel(request.id) }
            }
        }
        for index in [3, 5, 3] { mailbox.cancel(requests[index].id) }
        mailbox.cancel(RequestID())
        mailbox.close(finishing: true)
        try serve(mailbox) {}
        for index in 0..<6 {
            let isCancelled = [0, 3, 5].contains(index)
            #expect(log.result(index)?.stopReason == (isCancelled ? .cancelled : .length), "\(index)")
            #expect(log[index].count { $0.isLast } == 1)
        }
    }

    @Test("Closing without finishing cancels all; later requests are lost")
    func closing() throws {
        let (mailbox, log) = (Mailbox(), EventLog())
        for index in 0..<4 { mailbox.start(Self.request(maxTokens: 150), onEvent: log.handler(index)) }
        mailbox.close(finishing: false)
        mailbox.start(Self.request(), onEvent: log.handler(4))
        try serve(mailbox) {}
        mailbox.start(Self.request(), onEvent: log.handler(5))
        for index in 0..<4 { #expect(log.result(index)?.stopReason == .cancelled) }
        for index in 4..<6 {
            guard case .lost? = log[index].last else {
                Issue.record("request \(index): \(log[index])")
                continue
            }
        }
    }
}
