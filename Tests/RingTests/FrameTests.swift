import MPI
import Microbatches
import Testing

@testable import Ring

@Suite("Frames")
struct FrameTests {
    private let hiddenSize = 8

    private func makeFrame(_ spans: [Span], operations: [KVOperation] = []) -> Frame {
        let microbatch = Microbatch(spans: spans, operations: operations)
        let capacity = Frame.byteCount(
            operations: operations.count, spans: spans.count, rows: microbatch.rowCount, hiddenSize: hiddenSize)
        var frame = Frame(emptying: MessageBuffer(capacity: capacity))
        frame.begin(microbatch, runID: 7, microbatchID: 9, hiddenSize: hiddenSize)
        for index in 0..<microbatch.rowCount * hiddenSize { frame.hidden[index] = Float(index / hiddenSize) }
        return frame
    }

    @Test("The header is 64 bytes and survives the way through memory")
    func header() {
        #expect(MemoryLayout<FrameHeader>.size <= FrameHeader.byteCount)
        #expect(MemoryLayout<Span>.stride == 20 && MemoryLayout<KVOperation>.stride == 16)
        let spans = [
            Span(slot: 0, firstPosition: 5, count: 3, logitRows: 1),
            Span(slot: 2, firstPosition: 0, count: 2, logitRows: 0),
        ]
        let operations = [KVOperation.append(3, to: 0), .copy(3, to: 9), .truncate(2, toBlocks: 0)]
        let frame = makeFrame(spans, operations: operations)
        #expect(frame.header.kind == .microbatch)
        #expect(frame.header.runID == 7)
        #expect(frame.header.microbatchID == 9)
        #expect(frame.header.rowCount == 5)
        #expect(Array(frame.operations) == operations)
        #expect(Array(frame.spans) == spans)
        let offset = UnsafeRawPointer(frame.hidden) - UnsafeRawPointer(frame.message.storage.baseAddress!)
        #expect(offset == 192)
    }

    @Test("Only the rows that want logits go home, in order")
    func logitRows() {
        var frame = makeFrame([
            Span(slot: 0, firstPosition: 0, count: 3, logitRows: 1),
            Span(slot: 1, firstPosition: 0, count: 2, logitRows: 0),
            Span(slot: 2, firstPosition: 0, count: 4, logitRows: 2),
        ])
        frame.keepLogitRows(hiddenSize: hiddenSize)
        #expect(frame.header.rowCount == 3)
        #expect((0..<3).map { frame.hidden[$0 * hiddenSize] } == [2, 7, 8])
        #expect(frame.message.count == Frame.byteCount(operations: 0, spans: 3, rows: 3, hiddenSize: hiddenSize))
    }

    @Test("Bytes of another origin are no frame")
    func foreignBytes() {
        let message = MessageBuffer(capacity: 64)
        message.storage.initializeMemory(as: UInt8.self, repeating: 0x5A)
        #expect(Frame(message).kind(runID: 7, hiddenSize: hiddenSize) == nil)
    }

    @Test("A frame of another run, or cut short, is no frame of this one")
    func damaged() {
        var frame = makeFrame([Span(slot: 0, firstPosition: 0, count: 3, logitRows: 1)])
        #expect(frame.kind(runID: 7, hiddenSize: hiddenSize) == .microbatch)
        #expect(frame.kind(runID: 8, hiddenSize: hiddenSize) == nil)
        frame.message.count -= 4
        #expect(frame.kind(runID: 7, hiddenSize: hiddenSize) == nil)
    }
}
