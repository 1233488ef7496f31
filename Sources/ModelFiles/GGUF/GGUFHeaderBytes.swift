import Tensors

/// The beginning of a GGUF file in memory, read as far as somebody looks: a copy, so that what was checked stays as it was.
final class GGUFHeaderBytes {
    /// Zeros behind what was read.
    let memory: AlignedMemory
    private let file: RandomAccessFile
    private var filled = 0

    private static let bytesAtOnce = 1 << 20

    init(_ file: RandomAccessFile) throws(ModelFileProblem) {
        self.file = file
        do { memory = try AlignedMemory(byteCount: min(file.byteCount, GGUFLimits.headerByteCount)) } catch {
            throw .unreadable(reason: "\(error)")
        }
        try fill(upTo: min(Self.bytesAtOnce, memory.bytes.count))
    }

    /// Sees to it that the first `count` bytes are there, which the file has.
    func fill(upTo count: Int) throws(ModelFileProblem) {
        guard count > filled else { return }
        let end = min(max(count, filled + Self.bytesAtOnce), memory.bytes.count)
        do { try file.read(filled..<end, into: memory.start + filled) } catch { throw ModelFileProblem(error) }
        filled = end
    }
}
