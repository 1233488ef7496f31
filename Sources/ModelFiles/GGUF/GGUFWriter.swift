import Platform
import Tensors

/// Writes a GGUF file, version 3: the header at once, then the tensors' bytes in the order of the plan, in pieces of any
/// size. Memory taken does not grow with the tensors.
///
/// The file appears under its name only when it is finished; until then, or after an error, nothing is there but
/// `<path>.partial`, which goes away with the writer. What the reader would refuse is refused before anything is written.
public final class GGUFWriter {
    public let path: String
    /// The size that the file will have.
    public let fileSize: Int
    private let layout: GGUFLayout
    private var output: PartialFile?
    private var tensor = 0
    private var writtenOfTensor = 0

    /// - Parameters:
    ///   - metadata: in the order of the file; `general.alignment` there sets the alignment.
    ///   - tensors: in the order in which their bytes will come.
    public init(
        path: String, metadata: [(key: String, value: GGUFValue)], tensors: [GGUFTensorPlan]
    ) throws(ModelFileError) {
        self.path = path
        do {
            layout = try GGUFLayout(metadata: metadata, tensors: tensors)
            fileSize = layout.fileSize
        } catch { throw ModelFileError(path: path, problem: error) }
        do { output = try PartialFile(path: path) } catch { throw ModelFileError(path: path, writing: error) }
        try store { output throws(PartialFile.Problem) in try output.append(layout.header) }
        try pad(to: layout.ranges.first?.lowerBound ?? fileSize)
    }

    /// Appends bytes to the tensor that is being written; a full tensor is followed by the next one.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(ModelFileError) {
        guard !bytes.isEmpty else { return }
        guard tensor < layout.ranges.count, bytes.count <= layout.ranges[tensor].count - writtenOfTensor else {
            throw failure("more bytes than its tensors have were given")
        }
        try store { output throws(PartialFile.Problem) in try output.append(bytes) }
        writtenOfTensor += bytes.count
        guard writtenOfTensor == layout.ranges[tensor].count else { return }
        tensor += 1
        writtenOfTensor = 0
        try pad(to: tensor < layout.ranges.count ? layout.ranges[tensor].lowerBound : fileSize)
    }

    /// Gives the complete file its name.
    public func finish() throws(ModelFileError) {
        guard tensor == layout.ranges.count else {
            throw failure("tensor '\(layout.names[tensor])' is not complete")
        }
        try store { output throws(PartialFile.Problem) in try output.publish() }
        output = nil
    }

    /// Gives the file its name with a hole in place of the bytes that were not written.
    public func finishHollow() throws(ModelFileError) {
        try store { output throws(PartialFile.Problem) in
            try output.extend(to: fileSize)
            try output.publish()
        }
        output = nil
    }

    private func pad(to position: Int) throws(ModelFileError) {
        try store { output throws(PartialFile.Problem) in
            try output.append([UInt8](repeating: 0, count: position - output.position))
        }
    }

    private func store(_ body: (PartialFile) throws(PartialFile.Problem) -> Void) throws(ModelFileError) {
        guard let output else { throw failure("it is already finished") }
        do { try body(output) } catch { throw ModelFileError(path: path, writing: error) }
    }

    private func failure(_ reason: String) -> ModelFileError {
        ModelFileError(path: path, problem: .cannotWrite(reason: reason))
    }
}
