import ModelFiles
import Requests
import Sampling
import TestSupport
import Testing
import Tokenization
import Transformer

@testable import Engine

/// Many sequences at once on the small Llama 2: each must get the tokens and logits that it gets alone.
@Suite("Continuous batching")
struct ContinuousBatchingTests {
    /// Requests of all lengths, many of which begin alike; the same for every test.
    private static let requests: [GenerationRequest] = (0..<33).map { index in
        let common = (0..<90).map { TokenID(3 + $0 * 7 % 500) }
        let length = [1, 20, 64, 65, 90][index % 5]
        let own = (0..<1 + index * 5 % 41).map { TokenID(5 + ($0 * 11 + index) % 490) }
        var request = GenerationRequest(
            promptIDs: Array(common[..<length]) + own, maxTokens: 1 + index * 13 % 37,
            parameters: SamplingParameters(), seed: UInt64(index), ignoresEndTokens: true)
        request.parameters.temperature = index % 3 == 0 ? 0 : 0.9
        return request
    }

    private func withCoordinator(
        sequences: Int, chunk: Int = 48, kvBlocks: Int? = nil, _ body: (Coordinator) throws -> Void
    ) throws {
        var configuration = JobConfiguration(
            modelPath: TestFiles.fixture("llama2/llama2-f32.gguf"), prefillChunk: chunk, maxSequences: sequences)
        configuration.context = 192
        configuration.threads = 1
        let shape = try Model(path: configuration.modelPath).configuration
        configuration.kvMemory = kvBlocks.map { $0 * shape.layerCount * KVCache.blockByteCount(shape, type: .f16) }
        try Job.run(configuration, observer: SilentObserver()) { _, _ in
        } coordinate: { coordinator, _, _ in
            try body(coordinator)
        }
    }

    /// Runs all requests, a new one every few steps.
    private func runAll(_ coordinator: Coordinator, everySteps: Int) throws -> [GenerationResult] {
        var results: [Int: GenerationResult] = [:]
        var started = 0
        var steps = 0
        while results.count < Self.requests.count {
            if started < Self.requests.count, steps % everySteps == 0 {
                let index = started
                try coordinator.start(Self.requests[index], onEnd: { results[index] = $0 })
                started += 1
            }
            _ = try coordinator.step()
            steps += 1
        }
        #expect(coordinator.scheduler.isIdle)
        #expect(coordinator.scheduler.freeBlockCount == coordinator.scheduler.limits.capacity.blockCount)
        return Self.requests.indices.map { results[$0]! }
    }

    private func alone() throws -> [GenerationResult] {
        var results: [GenerationResult] = []
        try withCoordinator(sequences: 1) { coordinator in
            for var request in Self.requests {
                request.reusesPrefix = false
                results.append(try coordinator.generate(request, hashesLogits: true))
            }
        }
        return results
    }

    @Test("Alone or among others, with memory for all or for few: the same tokens and logits")
    func sameTokens() throws {
        let expected = try alone()
        for (sequences, blocks, pace) in [(33, nil, 1), (8, nil, 3), (8, 7, 1), (33, 8, 2)] as [(Int, Int?, Int)] {
            try withCoordinator(sequences: sequences, kvBlocks: blocks) { coordinator in
                let results = try runAll(coordinator, everySteps: pace)
                for (result, expected) in zip(results, expected) {
                    #expect(result.ids == expected.ids && result.logitsHash == expected.logitsHash)
                }
            }
        }
    }

    @Test("Sequences that outgrow the memory make room for older ones and go on later with the same tokens")
    func preemption() throws {
        let requests = Self.requests[..<4].map { request in
            var request = request
            request.promptIDs = Array(request.promptIDs.prefix(10))
            request.maxTokens = 150
            return request
        }
        func run(sequences: Int, kvBlocks: Int?, reusing: Bool) throws -> ([GenerationResult?], preemptions: Int) {
            var results = [GenerationResult?](repeating: nil, count: requests.count)
            var preemptions = 0
            try withCoordinator(sequences: sequences, kvBlocks: kvBlocks) { coordinator in
                for (index, var request) in requests.enumerated() {
                    request.reusesPrefix = reusing
                    try coordinator.start(request, onEnd: { results[index] = $0 })
                }
                while try coordinator.step() {}
                preemptions = coordinator.scheduler.preemptionCount
            }
            return (results, preemptions)
        }
        let expected = try run(sequences: 1, kvBlocks: nil, reusing: false)
        #expect(expected.preemptions == 0)
        for reusing in [true, false] {
            let found = try run(sequences: 4, kvBlocks: 6, reusing: reusing)
            #expect(found.preemptions > 0)
            #expect(found.0.map { $0?.logitsHash } == expected.0.map { $0?.logitsHash })
            #expect(found.0.map { $0?.ids } == expected.0.map { $0?.ids })
        }
    }

    @Test("Prompts that begin alike are computed once")
    func sharedPrefix() throws {
        try withCoordinator(sequences: 8) { coordinator in
            let results = try runAll(coordinator, everySteps: 5)
            let computed = results.reduce(0) { $0 + $1.timings.prefillTokens }
            let asked = Self.requests.reduce(0) { $0 + $1.promptIDs.count }
            #expect(computed < asked * 2 / 3)
        }
    }

    @Test("What is cancelled ends at once, gives its blocks back, and leaves the others alone")
    func cancellation() throws {
        let expected = try alone()
        try withCoordinator(sequences: 6) { coordinator in
            var results: [Int: GenerationResult] = [:]
            var numbers: [Int] = []
            for index in 0..<12 {
                numbers.append(try coordinator.start(Self.requests[index], onEnd: { results[index] = $0 }))
            }
            for _ in 0..<4 { _ = try coordinator.step() }
            for index in stride(from: 0, to: 12, by: 2) { coordinator.cancel(numbers[index]) }
            while try coordinator.step() {}
            #expect(results.count == 12)
            for index in 0..<12 where index % 2 == 1 { #expect(results[index]!.ids == expected[index].ids) }
            #expect(results[10]!.stopReason == .cancelled)
            #expect(coordinator.scheduler.freeBlockCount == coordinator.scheduler.limits.capacity.blockCount)
        }
    }

    /// Whoever goes frees memory with the next microbatch that another sequence is cut into, not when all is done.
    @Test("What was cancelled has given its blocks back one microbatch later")
    func cancelledBlocks() throws {
        try withCoordinator(sequences: 2) { coordinator in
            func begin(tokens: ClosedRange<TokenID>) throws -> Int {
                var request = Self.requests[0]
                request.promptIDs = Array(tokens)
                request.maxTokens = 40
                return try coordinator.start(request) { _ in }
            }
            _ = try begin(tokens: 3...12)
            for _ in 0..<6 { _ = try coordinator.step() }
            let free = coordinator.scheduler.freeBlockCount
            let gone = try begin(tokens: 100...230)
            for _ in 0..<10 { _ = try coordinator.step() }
            #expect(coordinator.scheduler.freeBlockCount < free)
            coordinator.cancel(gone)
            let submitted = coordinator.pipeline.submittedCount
            while coordinator.pipeline.submittedCount == submitted { _ = try coordinator.step() }
            #expect(coordinator.scheduler.freeBlockCount == free && coordinator.scheduler.runningCount == 1)
        }
    }
}
