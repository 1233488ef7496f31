import Tensors

/// A GGUF file, versions 2 and 3: its metadata and tensor table, checked; its bytes mapped, not read.
///
/// This layer knows no model: a vocabulary without weights opens as well as a model does.
/// Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
public struct GGUFFile: Sendable {
    public let file: MappedFile
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
    private let tensorIndex: [String: Int]

    /// Opens and checks the file at `path`.
    public init(path: String) throws(ModelFileError) {
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch {
            throw ModelFileError(path: path, problem: .unreadable(reason: error.reason))
        }
        let header: GGUFHeader
        do { header = try GGUFHeader(file.bytes, fileSize: file.bytes.count) } catch {
            throw ModelFileError(path: path, problem: error)
        }
        self.file = file
        version = header.version
        alignment = header.alignment
        keys = header.entries.map(\.key)
        metadata = Dictionary(
            uniqueKeysWithValues: header.entries.map {
                ($0.key, GGUFValue(type: $0.type, file: file, range: $0.range))
            })
        tensors = header.tensors
        tensorIndex = header.tensorIndex
        headerByteCount = header.byteCount
    }

    public var path: String { file.path }

    public subscript(key: String) -> GGUFValue? { metadata[key] }

    /// The tensor called `name`.
    public func tensor(_ name: String) -> GGUFTensor? { tensorIndex[name].map { tensors[$0] } }
}
