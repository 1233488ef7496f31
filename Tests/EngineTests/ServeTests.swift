import Foundation
import Requests
import Sampling
import TestSupport
import Testing
import Tokenization

@testable import Engine

/// Requests of all kinds from another thread, at times of its own: none lost, none mixed up.
@Suite("Serving a mailbox")
struct ServeTests {
    private static let count = 200
    private static let kvBlocks = 24

    /// What the feeding thread does with one request.
    private struct Plan: Sendable {
        var request: GenerationRequest
        /// Microseconds after the one before.
        var pause: UInt32
        /// Whether it is cancelled, and after how many pieces of its text.
        var cancelsAfter: Int?
    }

    private static func plans(_ random: inout SeededNumbers) -> [Plan] {
        let common = (0..<100).map { _ in TokenID.random(in: 3..<500, using: &random) }
        return (0..<count).map { index in
            let shared = common.prefix(Bool.random(using: &random) ? .random(in: 0...100, using: &random) : 0)
            let own = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                TokenID.random(in: 3..<500, using: &random)
            }
            var request = GenerationRequest(
                promptIDs: shared + own, maxTokens: .random(in: 1...40, using: &random),
                parameters: SamplingParameters(), seed: UInt64(index))
            request.parameters.temperature = Bool.random(using: &random) ? 0 : 1
            return Plan(
                request: request, pause: [0, 0, 50, 2000].randomElement(using: &random)!,
                cancelsAfter: index % 5 == 0 ? .random(in: 0...10, using: &random) : nil)
        }
    }

    private func alone(_ requests: [GenerationRequest]) throws -> [GenerationResult] {
        var results: [GenerationResult] = []
        try LoopbackRing.run(layerCounts: [3], sequences: 1, kvBlocks: 4) { coordinator in
            results = try requests.map { request in
                var request = request
                request.reusesPrefix = false
                return try coordinator.generate(request, hashesLogits: true)
            }
        }
        return results
    }

    /// Gives every third request a stop string out of the text that it generates without.
    private func addStopStrings(_ plans: inout [Plan]) throws {
        let chosen = plans.indices.filter { $0 % 3 == 1 }
        let texts = try alone(chosen.map { plans[$0].request }).map(\.text)
        for (index, text) in zip(chosen, texts) where text.count >= 4 {
            plans[index].request.stopStrings = ["never ever", String(text.dropFirst(text.count / 2).prefix(2))]
        }
    }

    @Test(
        "200 requests with random lengths, arrivals, cancellations and stop strings",
        arguments: [[3], [1, 2], [0, 2, 1]])
    func manyRequests(layerCounts: [Int]) throws {
        var random = SeededNumbers(state: 4)
        var plans = Self.plans(&random)
        try addStopStrings(&plans)
        let expected = try alone(plans.map(\.request))
        #expect(zip(plans, expected).count { !$0.request.stopStrings.isEmpty && $1.stopReason == .stop } > 30)

        let (mailbox, log) = (Mailbox(), EventLog())
        let fixed = plans
        Thread.detachNewThread { Self.feed(fixed, mailbox, log) }
        try LoopbackRing.run(layerCounts: layerCounts, sequences: 10, kvBlocks: Self.kvBlocks) { coordinator in
            try coordinator.serve(mailbox)
            #expect(coordinator.scheduler.isIdle)
            #expect(coordinator.scheduler.freeBlockCount == Self.kvBlocks)
            #expect(coordinator.consumers.isEmpty)
        }
        #expect(mailbox.openCount == 0)
        for index in plans.indices { check(index, plans[index], log, expected[index]) }
    }

    private static func feed(_ plans: [Plan], _ mailbox: Mailbox, _ log: EventLog) {
        for (index, plan) in plans.enumerated() {
            usleep(plan.pause)
            let handler = log.handler(index)
            let id = plan.request.id
            mailbox.start(plan.request, streams: true, hashesLogits: true) { event in
                handler(event)
                if plan.cancelsAfter == log[index].count { mailbox.cancel(id) }
            }
            if plan.cancelsAfter == 0 { mailbox.cancel(id) }
        }
        mailbox.close(finishing: true)
    }

    private func check(_ index: Int, _ plan: Plan, _ log: EventLog, _ expected: GenerationResult) {
        #expect(log[index].count { $0.isLast } == 1, "request \(index)")
        guard let result = log.result(index) else {
            Issue.record("request \(index) has no result: \(log[index])")
            return
        }
        #expect(result.promptIDs == plan.request.promptIDs && result.seed == plan.request.seed)
        #expect(log.text(index) == result.text, "request \(index)")
        if result.stopReason == .cancelled {
            #expect(plan.cancelsAfter != nil)
            #expect(expected.ids.starts(with: result.ids), "request \(index)")
        } else {
            #expect(result.ids == expected.ids && result.text == expected.text, "request \(index)")
            #expect(result.logitsHash == expected.logitsHash, "request \(index)")
            #expect(result.stopReason == expected.stopReason, "request \(index)")
        }
    }
}

/// Steele et al. 2014 (SplitMix64): the same numbers on every run.
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
