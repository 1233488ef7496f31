import Tensors

/// Samples of tensors: 4 KiB at the start of each mebibyte, and the last 4 KiB. A hole of a mebibyte, wherever it is, has 4 KiB
/// of them in it.
struct TensorSamples {
    private let places: [(file: RandomAccessFile, range: Range<Int>)]
    private let byteCounts: [Int]

    private static let distance = 1 << 20
    private static let size = 4096
    /// Samples that the system is asked for before they are read: a disk finds many at once sooner than one after the other.
    private static let ahead = 256

    init(_ tensors: [TensorView]) {
        byteCounts = tensors.map(\.fileRange.count)
        places = tensors.flatMap { tensor in
            Self.ranges(in: tensor.fileRange).map { (tensor.file, $0) }
        }
    }

    static func ranges(in tensor: Range<Int>) -> [Range<Int>] {
        let starts = stride(from: tensor.lowerBound, to: tensor.upperBound, by: distance)
        let ranges = starts.map { $0..<min($0 + size, tensor.upperBound) }
        let end = max(tensor.lowerBound, tensor.upperBound - size)..<tensor.upperBound
        return ranges.last == nil || ranges.last == end ? ranges : ranges + [end]
    }

    func hash() throws(FileReadError) -> UInt64 {
        var hash = FNV1a()
        for count in byteCounts { hash.combine(UInt64(count)) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.size, alignment: 64)
        defer { buffer.deallocate() }
        for place in places.prefix(Self.ahead) { place.file.prefetch(place.range) }
        for (index, place) in places.enumerated() {
            if index + Self.ahead < places.count {
                let next = places[index + Self.ahead]
                next.file.prefetch(next.range)
            }
            try place.file.read(place.range, into: buffer.baseAddress!)
            hash.combine(UnsafeRawBufferPointer(rebasing: buffer[..<place.range.count]))
        }
        return hash.hash
    }
}

extension TensorView {
    /// The hash of its samples.
    func sampleHash() throws(FileReadError) -> UInt64 { try TensorSamples([self]).hash() }
}
