import Tensors

/// A GGUF file, versions 2 and 3: its metadata and tensor table, checked, and none of its tensors' bytes.
///
/// This layer knows no model: a vocabulary without weights opens as well as a model does.
/// Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
public struct GGUFFile: Sendable {
    public let file: RandomAccessFile
    public let version: UInt32
    /// `general.alignment`, or 32.
    public let alignment: Int
    /// Keys in the order of the file.
    public let keys: [String]
    public let metadata: [String: GGUFValue]
    /// Tensors in the order of the table.
    public let tensors: [GGUFTensor]
    /// Bytes before the tensor data, padding left out.
    public let headerByteCount: Int
    private let header: AlignedMemory
    private let tensorIndex: [String: Int]

    /// Opens and checks the file at `path`.
    public init(path: String) throws(ModelFileError) {
        let file: RandomAccessFile
        do { file = try RandomAccessFile(path: path) } catch { throw ModelFileError(error) }
        let (bytes, header): (GGUFHeaderBytes, GGUFHeader)
        do throws(ModelFileProblem) {
            bytes = try GGUFHeaderBytes(file)
            header = try GGUFHeader(
                UnsafeRawBufferPointer(bytes.memory.bytes), fileSize: file.byteCount, from: bytes)
        } catch { throw ModelFileError(path: path, problem: error) }
        self.file = file
        self.header = bytes.memory
        version = header.version
        alignment = header.alignment
        keys = header.entries.map(\.key)
        metadata = Dictionary(
            uniqueKeysWithValues: header.entries.map {
                ($0.key, GGUFValue(type: $0.type, in: bytes.memory, range: $0.range))
            })
        tensors = header.tensors
        tensorIndex = header.tensorIndex
        headerByteCount = header.byteCount
    }

    public var path: String { file.path }

    /// Everything before the tensor data as it stands, padding left out.
    var headerBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: header.bytes.prefix(headerByteCount))
    }

    public subscript(key: String) -> GGUFValue? { metadata[key] }

    /// The tensor called `name`.
    public func tensor(_ name: String) -> GGUFTensor? { tensorIndex[name].map { tensors[$0] } }
}
