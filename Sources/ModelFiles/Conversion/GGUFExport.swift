import Synchronization
import Tensors

/// A model of any form as one GGUF file, its matrices in the types of a mix; vectors become FP32.
public struct GGUFExport {
    private let tensors: [ExportedTensor]
    private let metadata: [(key: String, value: GGUFValue)]

    /// Elements that are converted at once: enough for all threads, little beside any model.
    private static let elementsAtOnce = 4 << 20

    public init(_ model: Model, _ mix: QuantizationMix) throws(ModelFileError) {
        let family = try model.source.family()
        do throws(ModelFileProblem) {
            var configuration = model.configuration
            do { if try model.repeatsEmbedding() { configuration.hasTiedOutputHead = true } } catch {
                throw ModelFileProblem(error)
            }
            tensors = try Self.tensors(model, configuration, family, mix)
            metadata =
                try model.source.exportedMetadata(model.configuration, family).filter { !Self.isReplaced($0.key) } + [
                    ("general.file_type", .uint32(mix.fileType)), ("general.quantization_version", .uint32(2)),
                ]
        } catch { throw ModelFileError(path: model.path, problem: error) }
    }

    /// Bits that the file spends on a weight, on average.
    public var bitsPerWeight: Double {
        let bytes = tensors.reduce(0) { $0 + $1.rows * $1.bytesPerRow }
        return 8 * Double(bytes) / Double(tensors.reduce(0) { $0 + $1.rows * $1.columns })
    }

    /// Writes the file, which appears under its name when it is complete.
    ///
    /// - Parameters:
    ///   - perform: runs a closure for `0..<count`, in any order, on any threads.
    ///   - progress: called after every few megabytes with the bytes written and the bytes in all.
    /// - Returns: the file's size in bytes.
    @discardableResult
    public func write(
        to path: String, perform: (_ count: Int, _ body: (Int) -> Void) -> Void,
        progress: (_ written: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ModelFileError) -> Int {
        let writer = try GGUFWriter(path: path, metadata: metadata, tensors: tensors.map(\.plan))
        var written = 0
        for tensor in tensors {
            let rowsAtOnce = max(1, Self.elementsAtOnce / tensor.columns)
            for first in stride(from: 0, to: tensor.rows, by: rowsAtOnce) {
                let rows = first..<min(first + rowsAtOnce, tensor.rows)
                let strip = try Self.convert(tensor, rows, perform)
                try strip.withUnsafeBytesOrThrow { bytes throws(ModelFileError) in try writer.write(bytes) }
                written += strip.count
                progress(written, writer.fileSize)
            }
        }
        try writer.finish()
        return writer.fileSize
    }

    private static func convert(
        _ tensor: ExportedTensor, _ rows: Range<Int>, _ perform: (Int, (Int) -> Void) -> Void
    ) throws(ModelFileError) -> [UInt8] {
        let failure = Mutex<FileReadError?>(nil)
        let strip = [UInt8](unsafeUninitializedCapacity: rows.count * tensor.bytesPerRow) { buffer, count in
            let start = UnsafeMutableRawPointer(buffer.baseAddress!)
            perform(rows.count) { row in
                do throws(FileReadError) {
                    try tensor.write(row: rows.lowerBound + row, to: start + row * tensor.bytesPerRow)
                } catch { failure.withLock { $0 = error } }
            }
            count = rows.count * tensor.bytesPerRow
        }
        if let error = failure.withLock({ $0 }) { throw ModelFileError(error) }
        do { try tensor.refuseChanges() } catch { throw ModelFileError(error) }
        return strip
    }

    /// What the new file says anew, and what was only true of a file in parts.
    private static func isReplaced(_ key: String) -> Bool {
        ["general.file_type", "general.quantization_version"].contains(key) || key.hasPrefix("split.")
    }
}

extension GGUFExport {
    private static func tensors(
        _ model: Model, _ configuration: ModelConfiguration, _ family: ModelFamily, _ mix: QuantizationMix
    ) throws(ModelFileProblem) -> [ExportedTensor] {
        let (stored, names) = (model.source.tensors, model.source.names)
        var exported: [ExportedTensor] = []
        var known: Set<String> = []
        for role in family.tensors(layerCount: configuration.layerCount) {
            guard let name = names.name(role), let tensor = stored[name] else { continue }
            known.insert(name)
            if role == .weight(.outputHead, layer: nil), configuration.hasTiedOutputHead { continue }
            let order = model.source.exportedOrder(role, configuration, family)
            exported.append(try export(tensor, role, order, TensorNames.gguf.name(role)!, configuration, mix))
        }
        if names == .gguf {
            for tensor in stored.all where !known.contains(tensor.name) && !model.leftOut.contains(tensor.name) {
                exported.append(try export(tensor, .other, .same, tensor.name, configuration, mix))
            }
        }
        return exported + model.source.exportedTables(configuration)
    }

    private static func export(
        _ tensor: StoredTensor, _ role: TensorRole, _ order: RowOrder, _ name: String,
        _ configuration: ModelConfiguration, _ mix: QuantizationMix
    ) throws(ModelFileProblem) -> ExportedTensor {
        guard let type = tensor.type else {
            throw .unsupportedElementType(
                tensor: tensor.name, type: tensor.typeName, supported: ElementType.allCases.map(\.name))
        }
        let isMatrix = tensor.dimensions.count > 1 && role != .other
        let target = isMatrix ? mix.type(of: role, columns: tensor.dimensions[0], configuration) : .f32
        return ExportedTensor(
            plan: GGUFTensorPlan(name: name, dimensions: tensor.dimensions, type: target),
            content: .stored(tensor, as: type, order))
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` for bodies whose errors and results have types of their own.
    fileprivate func withUnsafeBytesOrThrow<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let result = withUnsafeBytes { bytes in Result { () throws(Failure) in try body(bytes) } }
        return try result.get()
    }
}
