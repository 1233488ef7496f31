/// Many short byte strings in one allocation.
struct ByteStrings: Sendable {
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    init(reserving count: Int, averageLength: Int = 8) {
        bytes.reserveCapacity(count * averageLength)
        ends.reserveCapacity(count)
    }

    var count: Int { ends.count }

    /// Where string `index` lies in `bytes`.
    func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    @inline(__always)
    func withBytes<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { body(.init(rebasing: $0[range(index)])) }
    }

    subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

    mutating func append(_ string: some Sequence<UInt8>) {
        bytes.append(contentsOf: string)
        ends.append(bytes.count)
    }
}
