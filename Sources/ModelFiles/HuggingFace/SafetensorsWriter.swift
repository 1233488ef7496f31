import Platform
import Tensors

/// Writes a safetensors file: the table at once, then the tensors' bytes in the order of the plan, in pieces of any size.
///
/// The file appears under its name only when it is finished.
final class SafetensorsWriter {
    private let path: String
    private var output: PartialFile
    private let size: Int

    /// - Parameter tensors: plain floats, the fastest-running dimension first.
    init(path: String, tensors: [GGUFTensorPlan]) throws(ModelFileError) {
        self.path = path
        var header = #"{"__metadata__":{"format":"pt"}"#
        var offset = 0
        for tensor in tensors {
            let end = offset + tensor.type.byteCount(of: tensor.dimensions.reduce(1, *))
            let shape = tensor.dimensions.reversed().map(String.init).joined(separator: ",")
            header += ",\"\(tensor.name)\":{\"dtype\":\"\(tensor.type.name)\",\"shape\":[\(shape)],"
            header += "\"data_offsets\":[\(offset),\(end)]}"
            offset = end
        }
        header += "}"
        // Tensors begin at a multiple of 8.
        header += String(repeating: " ", count: header.utf8.count.rounded(upTo: 8) - header.utf8.count)
        size = 8 + header.utf8.count + offset
        do throws(PartialFile.Problem) {
            output = try PartialFile(path: path)
            var encoder = GGUFEncoder()
            encoder.append(text: header.utf8)
            try output.append(encoder.bytes)
        } catch { throw ModelFileError(path: path, writing: error) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ModelFileError) {
        do { try output.append(bytes) } catch { throw ModelFileError(path: path, writing: error) }
    }

    /// Gives the complete file its name.
    func finish() throws(ModelFileError) {
        precondition(output.position == size, "the tensors are not complete")
        do { try output.publish() } catch { throw ModelFileError(path: path, writing: error) }
    }
}
