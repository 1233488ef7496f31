import DequeModule
import MPI
import Tensors

/// A link that makes hidden states narrower before they go over another link, and widens those that come.
///
/// Stages see FP32 frames on both sides. Only microbatches have hidden states; everything else passes unchanged.
final class NarrowLink: Link {
    private let inner: any Link
    private let type: ElementType
    private let hiddenSize: Int
    private let frameCapacity: Int
    private var pool = UniqueDeque<MessageBuffer>()

    /// - Parameter frameCapacity: Bytes of the largest FP32 frame.
    init(_ inner: any Link, as type: WireType, hiddenSize: Int, frameCapacity: Int) {
        self.inner = inner
        self.type = type.elementType
        self.hiddenSize = hiddenSize
        self.frameCapacity = frameCapacity
    }

    var previousRank: Int { inner.previousRank }

    func makeFrame() -> Frame {
        let spare = type.blockLength * MemoryLayout<Float>.stride
        return Frame(emptying: pool.isEmpty ? MessageBuffer(capacity: frameCapacity + spare) : pool.removeFirst())
    }

    func send(_ frame: consuming Frame) throws(PipelineError) {
        var narrow = inner.makeFrame()
        narrow.copyHead(of: frame)
        if frame.isMicrobatch {
            let count = valueCount(frame)
            for index in Int(frame.header.rowCount) * hiddenSize..<count { frame.hidden[index] = 0 }
            quantize(type, frame.hidden, count: count, into: narrow.hidden)
            narrow.setPayload(byteCount: type.byteCount(of: count))
        }
        pool.append(frame.release())
        try inner.send(narrow)
    }

    func hasArrived() throws(PipelineError) -> Bool { try inner.hasArrived() }

    func receive(mayRest: Bool) throws(PipelineError) -> Frame { try widen(inner.receive(mayRest: mayRest)) }

    func receive(mayRest: Bool, unless isInterrupted: () -> Bool) throws(PipelineError) -> Frame? {
        guard let narrow = try inner.receive(mayRest: mayRest, unless: isInterrupted) else { return nil }
        return try widen(narrow)
    }

    private func widen(_ narrow: consuming Frame) throws(PipelineError) -> Frame {
        let isMicrobatch = narrow.isMicrobatch
        let count = valueCount(narrow)
        // What else it says is for the stage to check; here it must be what was made narrow, and fit when it is wide.
        guard
            !isMicrobatch
                || narrow.payloadByteCount == type.byteCount(of: count)
                    && narrow.byteCount(hiddenSize: hiddenSize) <= frameCapacity
        else {
            inner.recycle(narrow)
            throw .malformedFrame(from: previousRank)
        }
        var frame = makeFrame()
        frame.copyHead(of: narrow)
        if isMicrobatch {
            dequantize(type, narrow.hidden, count: count, into: frame.hidden)
            frame.setPayload(byteCount: Int(frame.header.rowCount) * hiddenSize * MemoryLayout<Float>.stride)
        }
        inner.recycle(narrow)
        return frame
    }

    func wake() throws(PipelineError) { try inner.wake() }

    func progress() { inner.progress() }

    func recycle(_ frame: consuming Frame) { pool.append(frame.release()) }

    func close() throws(PipelineError) { try inner.close() }

    /// Values that are converted: whole blocks, the last of which may reach past the hidden states.
    private func valueCount(_ frame: borrowing Frame) -> Int {
        (Int(frame.header.rowCount) * hiddenSize + type.blockLength - 1) / type.blockLength * type.blockLength
    }
}

extension Link {
    /// This link, or one over it that sends hidden states as `type`.
    ///
    /// - Parameter frameCapacity: Bytes of the largest FP32 frame.
    public func carrying(_ type: WireType, hiddenSize: Int, frameCapacity: Int) -> any Link {
        type == .f32 ? self : NarrowLink(self, as: type, hiddenSize: hiddenSize, frameCapacity: frameCapacity)
    }
}
