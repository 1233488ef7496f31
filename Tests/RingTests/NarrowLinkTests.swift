import MPI
import Microbatches
import Testing

@testable import Ring

@Suite("Narrow hidden states")
struct NarrowLinkTests {
    /// No multiple of 32: the last block of the quantized form is padded.
    private static let hiddenSize = 40
    private static let spans = [
        Span(slot: 0, firstPosition: 0, count: 2, logitRows: 1),
        Span(slot: 1, firstPosition: 7, count: 1, logitRows: 1),
    ]

    @Test("A frame arrives whole, its hidden states as exact as the wire", arguments: [WireType.f32, .f16, .q8])
    func roundTrip(type: WireType) throws {
        let microbatch = Microbatch(spans: Self.spans, operations: [.append(3, to: 0), .append(5, to: 1)])
        let capacity = Frame.byteCount(operations: 2, spans: 2, rows: 3, hiddenSize: Self.hiddenSize)
        let ring = LoopbackLink.ring(stageCount: 1, frameCapacity: capacity)[0]
        let link = ring.carrying(type, hiddenSize: Self.hiddenSize, frameCapacity: capacity)
        let values = (0..<3 * Self.hiddenSize).map { Float($0 * 37 % 101) * 0.013 - 0.6 }

        var frame = link.makeFrame()
        frame.begin(microbatch, runID: 7, microbatchID: 1, hiddenSize: Self.hiddenSize)
        for (index, value) in values.enumerated() { frame.hidden[index] = value }
        try link.send(frame)

        let found = try link.receive(mayRest: false)
        #expect(found.kind(runID: 7, hiddenSize: Self.hiddenSize) == .microbatch)
        #expect(Array(found.spans) == Self.spans)
        #expect(Array(found.operations) == microbatch.operations)
        let error = values.indices.map { abs(found.hidden[$0] - values[$0]) }.max()!
        switch type {
        case .f32: #expect(error == 0)
        case .f16: #expect(error > 0 && error < 5e-4)
        case .q8: #expect(error > 5e-4 && error < 5e-3)
        }
        link.recycle(found)
    }

    @Test("Frames without hidden states pass unchanged")
    func otherFrames() throws {
        let capacity = Frame.byteCount(measuring: 3)
        let ring = LoopbackLink.ring(stageCount: 1, frameCapacity: capacity)[0]
        let link = ring.carrying(.q8, hiddenSize: Self.hiddenSize, frameCapacity: capacity)
        var frame = link.makeFrame()
        frame.begin(.measure, runID: 7, empty: StageTimes(), count: 3)
        frame.stageTimes[2].wait = 1.5
        try link.send(frame)
        let found = try link.receive(mayRest: false)
        #expect(found.kind(runID: 7, hiddenSize: Self.hiddenSize) == .measure)
        #expect(found.stageTimes[2].wait == 1.5)
        link.recycle(found)
    }
}
