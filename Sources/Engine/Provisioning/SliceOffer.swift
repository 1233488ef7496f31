import FoundationEssentials
import ModelFiles

/// What rank 0 tells the ranks that lack the model about their slices.
struct SliceOffer: Codable {
    /// Layers of each rank.
    var partition: [Int]
    var identity: UInt64
    /// By rank; nil for ranks that have the model.
    var slices: [Slice?]

    struct Slice: Codable {
        var byteCount: Int
        /// ``Model/weightHash(layers:includingEnds:)`` of its layers.
        var weightHash: UInt64
    }

    /// The part that `rank` is to hold.
    func slice(of rank: Int) -> ModelSlice {
        let first = partition[..<rank].reduce(0, +)
        return ModelSlice(layers: first..<first + partition[rank], holdsEnds: rank == 0, identity: identity)
    }

    var encoded: [UInt8] { get throws { Array(try JSONEncoder().encode(self)) } }

    init(partition: [Int], identity: UInt64, slices: [Slice?]) {
        self.partition = partition
        self.identity = identity
        self.slices = slices
    }

    init(decoding bytes: [UInt8]) throws { self = try JSONDecoder().decode(SliceOffer.self, from: Data(bytes)) }
}
