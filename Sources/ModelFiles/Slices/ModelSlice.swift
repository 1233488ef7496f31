import Tensors

/// The part of a model that one rank needs.
public struct ModelSlice: Sendable, Equatable {
    public var layers: Range<Int>
    /// Whether it has the embedding, the last norm, the head and the tokenizer, as rank 0's has.
    public var holdsEnds: Bool
    /// ``Model/identity()`` of the whole model.
    public var identity: UInt64
    /// Layers of each rank, where all slices of a partition were cut together.
    public var partition: [Int]?

    public init(layers: Range<Int>, holdsEnds: Bool, identity: UInt64, partition: [Int]? = nil) {
        self.layers = layers
        self.holdsEnds = holdsEnds
        self.identity = identity
        self.partition = partition
    }

    func holds(_ role: TensorRole) -> Bool {
        if role == .other { return true }
        return role.layer.map(layers.contains) ?? holdsEnds
    }
}

extension Model {
    /// The part of a model that its file holds; nil where nothing is missing.
    public var slice: ModelSlice? { source.slice }

    /// Names the model by its headers and samples of every tensor: the same for the whole and for each slice of it. It is
    /// worked out anew each time.
    public func identity() throws(FileReadError) -> UInt64 {
        if let identity = source.slice?.identity { return identity }
        return headerHash ^ (try weightHash(layers: 0..<configuration.layerCount, includingEnds: true))
    }

    /// Whether there is anything at `path` that might be a model.
    public static func exists(at path: String) -> Bool { FileStatus.exists(path) }
}

extension ModelSource {
    var slice: ModelSlice? { nil }
}
