import MPI
import Microbatches
import TestSupport
import Testing

@testable import Ring

/// What a frame says of itself is checked before it is used as a count, an index or an address.
@Suite("Malformed frames")
struct MalformedFrameTests {
    private static let capacity = KVCapacity(slotCount: 2, contextLength: 100)
    private static let rowCapacity = 8
    private static let runID: UInt64 = 7

    /// A microbatch, and what makes it one that rank 0 never sends.
    enum Defect: CaseIterable, CustomTestStringConvertible {
        case moreRowsInSpans, fewerRowsInSpans, tooManyRows, emptySpan, negativeSpan, tooManyLogitRows
        case negativeLogitRows, negativePosition, positionWithoutBlock, positionPastContext, unknownSlot, negativeSlot
        case unknownBlock, appendToUnknownSlot, truncationToMoreBlocks, copyOfUnknownBlock, unknownReporter
        case tooManySpans, tooManyOperations, tooShort, foreignRun, shorterThanHeader

        var testDescription: String { "\(self)" }
    }

    @Test("A stage refuses them before it computes, and names who sent them", arguments: Defect.allCases)
    func stage(defect: Defect) throws {
        let stage = try RecordingStage(1..<2, capacity: Self.capacity, rowCapacity: Self.rowCapacity)
        let links = Self.ring(stage.configuration.hiddenSize)
        links[0].send(Self.frame(links[0], stage.configuration.hiddenSize, defect))
        try Self.expectRefusal(by: stage, links)
        #expect(stage.passCount == 0)
    }

    @Test("A frame without defect is computed and sent on")
    func wellFormed() throws {
        let stage = try RecordingStage(1..<2, capacity: Self.capacity, rowCapacity: Self.rowCapacity)
        let links = Self.ring(stage.configuration.hiddenSize)
        links[0].send(Self.frame(links[0], stage.configuration.hiddenSize, nil))
        var stop = links[0].makeFrame()
        stop.begin(.stop, runID: Self.runID)
        links[0].send(stop)
        try Self.loop(stage, links).run()
        #expect(stage.passCount == 1)
    }

    @Test("Questions of another shape are refused", arguments: [FrameKind.measure, .hashes], [0, 1, 3, 5])
    func questions(kind: FrameKind, count: Int) throws {
        // Two stages, and two layers of two positions.
        let stage = try RecordingStage(
            1..<2, capacity: Self.capacity, rowCapacity: Self.rowCapacity, hashedPositions: 2)
        let links = Self.ring(stage.configuration.hiddenSize)
        var frame = links[0].makeFrame()
        if kind == .measure {
            frame.begin(.measure, runID: Self.runID, empty: StageTimes(), count: count)
        } else {
            frame.begin(.hashes, runID: Self.runID, empty: UInt64(0), count: count)
        }
        links[0].send(frame)
        try Self.expectRefusal(by: stage, links)
    }

    @Test("Hashes are asked in vain of a stage that keeps none")
    func noHashes() throws {
        let stage = try RecordingStage(1..<2, capacity: Self.capacity, rowCapacity: Self.rowCapacity)
        let links = Self.ring(stage.configuration.hiddenSize)
        var frame = links[0].makeFrame()
        frame.begin(.hashes, runID: Self.runID, empty: UInt64(0), count: 4)
        links[0].send(frame)
        try Self.expectRefusal(by: stage, links)
    }

    @Test("Rank 0 takes back what it sent, and nothing else", arguments: [0, 1, 2, 3, 4])
    func coordinator(change: Int) throws {
        let stage = try RecordingStage(0..<1, capacity: Self.capacity, rowCapacity: Self.rowCapacity)
        let width = stage.configuration.hiddenSize
        let links = Self.ring(width)
        let pipeline = Pipeline(stage: stage, link: links[0], stageCount: 2, runID: Self.runID)
        let spans = [
            Span(slot: 0, firstPosition: 0, count: 3, logitRows: 1),
            Span(slot: 1, firstPosition: 0, count: 2, logitRows: 2),
        ]
        let microbatch = Microbatch(spans: spans, operations: [.append(0, to: 0), .append(1, to: 1)])
        try pipeline.submit(pipeline.makeFrame(for: microbatch))
        var frame = links[1].receive(mayRest: false)
        frame.keepLogitRows(hiddenSize: width)
        switch change {
        case 0: break
        case 1: frame.header.microbatchID = 1
        case 2: Self.spans(frame)[1].logitRows = 1
        case 3: frame.header.spanCount = 1
        default: frame.header.reportingRank = 2
        }
        frame.message.count = Frame.byteCount(
            operations: Int(frame.header.operationCount), spans: Int(frame.header.spanCount),
            rows: Int(frame.header.rowCount), hiddenSize: width)
        links[1].send(frame)
        if change == 0 {
            let found = try pipeline.collect()
            #expect(found.rowCount == 3)
            pipeline.finish(found)
        } else {
            let error = #expect(throws: PipelineError.self) { pipeline.finish(try pipeline.collect()) }
            guard case .malformedFrame(from: 1) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("Narrow hidden states that would not fit as wide ones are refused")
    func narrow() throws {
        let (width, rows) = (64, 4)
        let capacity = Frame.byteCount(operations: 0, spans: 1, rows: rows, hiddenSize: width)
        let inner = LoopbackLink.ring(stageCount: 1, frameCapacity: capacity)[0]
        let link = inner.carrying(.q8, hiddenSize: width, frameCapacity: capacity)
        var frame = inner.makeFrame()
        let span = Span(slot: 0, firstPosition: 0, count: rows, logitRows: 1)
        frame.begin(Microbatch(spans: [span]), runID: Self.runID, microbatchID: 0, hiddenSize: width)
        frame.header.rowCount = UInt32(3 * rows)
        frame.setPayload(byteCount: 3 * rows * width / 32 * 34)
        inner.send(frame)
        let error = #expect(throws: PipelineError.self) { inner.recycle(try link.receive(mayRest: false)) }
        guard case .malformedFrame(from: 0) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// Rank 0's end, at which tests send, and rank 1's. Frames have room for more rows than a stage.
    private static func ring(_ hiddenSize: Int) -> [LoopbackLink] {
        LoopbackLink.ring(
            stageCount: 2,
            frameCapacity: Frame.byteCount(operations: 4, spans: 4, rows: 2 * rowCapacity, hiddenSize: hiddenSize))
    }

    private static func loop(_ stage: RecordingStage, _ links: [LoopbackLink]) -> StageLoop {
        StageLoop(stage: stage, link: links[1], runID: runID, rank: 1, stageCount: 2)
    }

    private static func expectRefusal(by stage: RecordingStage, _ links: [LoopbackLink]) throws {
        // Where the frame is taken all the same, the loop ends.
        var stop = links[0].makeFrame()
        stop.begin(.stop, runID: runID)
        links[0].send(stop)
        let error = #expect(throws: PipelineError.self) { try loop(stage, links).run() }
        guard case .malformedFrame(from: 0) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    private static func frame(_ link: LoopbackLink, _ hiddenSize: Int, _ defect: Defect?) -> Frame {
        var spans = [
            Span(slot: 0, firstPosition: 0, count: 3, logitRows: 1),
            Span(slot: 1, firstPosition: 0, count: 2, logitRows: 0),
        ]
        var operations: [KVOperation] = [.append(0, to: 0), .append(1, to: 1)]
        switch defect {
        case .tooManyRows: spans[0].count = Int32(rowCapacity)
        case .unknownBlock: operations[1].value = 4
        case .appendToUnknownSlot: operations.append(.append(2, to: 2))
        case .truncationToMoreBlocks: operations.append(.truncate(0, toBlocks: 2))
        case .copyOfUnknownBlock: operations.append(.copy(0, to: 4))
        case .positionPastContext: operations += [.append(2, to: 0)]
        default: break
        }
        var frame = link.makeFrame()
        frame.begin(
            Microbatch(spans: spans, operations: operations), runID: runID, microbatchID: 0, hiddenSize: hiddenSize)
        let written = Self.spans(frame)
        switch defect {
        case .moreRowsInSpans: written[1].count = 40
        case .fewerRowsInSpans: written[1].count = 1
        case .emptySpan: (written[0].count, written[1].count) = (5, 0)
        case .negativeSpan: (written[0].count, written[1].count) = (7, -2)
        case .tooManyLogitRows: written[0].logitRows = 4
        case .negativeLogitRows: written[0].logitRows = -1
        case .negativePosition: written[0].firstPosition = -1
        case .positionWithoutBlock: written[0].firstPosition = 62
        case .positionPastContext: written[0].firstPosition = 98
        case .unknownSlot: written[1].slot = 2
        case .negativeSlot: written[1].slot = -1
        case .unknownReporter: frame.header.reportingRank = 2
        case .tooManySpans: frame.header.spanCount = .max
        case .tooManyOperations: frame.header.operationCount = .max
        case .tooShort: frame.message.count -= 4
        case .foreignRun: frame.header.runID = 8
        case .shorterThanHeader: frame.message.count = FrameHeader.byteCount - 1
        default: break
        }
        return frame
    }

    private static func spans(_ frame: borrowing Frame) -> UnsafeMutableBufferPointer<Span> {
        UnsafeMutableBufferPointer(mutating: frame.spans)
    }
}
