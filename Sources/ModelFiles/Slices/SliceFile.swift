import Platform
import Tensors

/// The file of a slice, readable piece by piece without being written: a header, and the model's own bytes.
public struct SliceFile {
    public let slice: ModelSlice
    public let byteCount: Int
    private let header: [UInt8]
    /// Tensors with their places in the slice, ascending.
    private let pieces: [(range: Range<Int>, tensor: StoredTensor)]

    /// - Parameter model: the whole model, or a slice that has what is wanted.
    public init(_ model: Model, _ slice: ModelSlice) throws(ModelFileError) {
        self.slice = slice
        let source = model.source
        let family = try source.family()
        do throws(ModelFileProblem) {
            let roles = source.names.rolesByName(family, layerCount: model.configuration.layerCount)
            var (present, absent): ([StoredTensor], [StoredTensor]) = ([], [])
            for tensor in source.tensors.all where !model.leftOut.contains(tensor.name) {
                let isWanted = slice.holds(roles[tensor.name] ?? .other)
                guard !isWanted || !tensor.range.isEmpty else { throw .missingTensor(tensor.name) }
                if isWanted { present.append(tensor) } else { absent.append(tensor) }
            }
            let metadata =
                try source.slicedMetadata(slice, model.configuration) + SliceKeys.metadata(slice, absent: absent)
            // The model was opened, so that all of its types are known.
            let plans = present.map { GGUFTensorPlan(name: $0.name, dimensions: $0.dimensions, type: $0.type!) }
            let layout = try GGUFLayout(metadata: metadata, tensors: plans)
            header = layout.header
            byteCount = layout.fileSize
            pieces = zip(layout.ranges, present).map { ($0, $1) }
        } catch { throw ModelFileError(path: model.path, problem: error) }
    }

    /// Copies `range` of the file to `destination`.
    ///
    /// - Throws: Also where the model was changed since it was opened: no slice is of two models.
    public func read(_ range: Range<Int>, into destination: UnsafeMutableRawPointer) throws(FileReadError) {
        destination.initializeMemory(as: UInt8.self, repeating: 0, count: range.count)
        let head = range.clamped(to: 0..<header.count)
        if !head.isEmpty {
            header.withUnsafeBytes {
                destination.copyMemory(from: $0.baseAddress! + head.lowerBound, byteCount: head.count)
            }
        }
        var index = firstPiece(endingAfter: range.lowerBound)
        while index < pieces.count, pieces[index].range.lowerBound < range.upperBound {
            let (place, tensor) = pieces[index]
            let part = range.clamped(to: place)
            let start = tensor.range.lowerBound + part.lowerBound - place.lowerBound
            try tensor.file.read(start..<start + part.count, into: destination + part.lowerBound - range.lowerBound)
            try tensor.file.refuseChanges()
            index += 1
        }
    }

    /// Writes the file, which appears under its name when it is complete.
    public func write(
        to path: String, progress: (_ written: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ModelFileError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bytesAtOnce, alignment: 64)
        defer { buffer.deallocate() }
        func writing(_ body: () throws(PartialFile.Problem) -> Void) throws(ModelFileError) {
            do { try body() } catch { throw ModelFileError(path: path, writing: error) }
        }
        let output: PartialFile
        do { output = try PartialFile(path: path) } catch { throw ModelFileError(path: path, writing: error) }
        while output.position < byteCount {
            let range = output.position..<min(output.position + Self.bytesAtOnce, byteCount)
            do throws(FileReadError) { try read(range, into: buffer.baseAddress!) } catch {
                throw ModelFileError(error)
            }
            try writing { () throws(PartialFile.Problem) in
                try output.append(UnsafeRawBufferPointer(rebasing: buffer[..<range.count]))
            }
            progress(range.upperBound, byteCount)
        }
        try writing { () throws(PartialFile.Problem) in try output.publish() }
    }

    private static let bytesAtOnce = 4 << 20

    private func firstPiece(endingAfter position: Int) -> Int {
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].range.upperBound <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension ModelSource {
    /// What the slice's file says of the model; only rank 0 needs the tokenizer.
    fileprivate func slicedMetadata(
        _ slice: ModelSlice, _ configuration: ModelConfiguration
    ) throws(ModelFileProblem) -> [(key: String, value: GGUFValue)] {
        switch self {
        case let model as GGUFModel:
            return model.header.keys.filter {
                !$0.hasPrefix("split.") && (slice.holdsEnds || !$0.hasPrefix("tokenizer."))
            }.map { ($0, model.header[$0]!) }
        case let folder as HuggingFaceFolder:
            let settings = [(key: SliceKeys.settings, value: GGUFValue.text(try folder.settingsText()))]
            guard slice.holdsEnds else { return settings }
            let generation = try folder.generationText().map { [(SliceKeys.generation, GGUFValue.text($0))] } ?? []
            return try settings + generation + folder.tokenizerMetadata(configuration)
        default: throw .unsupportedFeature("it is a slice already")
        }
    }
}
