/// Memory for one message: a capacity, of which the first `count` bytes are the message.
///
/// A buffer moves into a request, belongs to MPI while the request is under way, and comes back from it.
public struct MessageBuffer: ~Copyable {
    /// All of the memory: `capacity` bytes, aligned to a cache line. Valid as long as the buffer is, so give the buffer
    /// a name first: the memory of an unnamed one, as in `request.takeBuffer().storage`, is free before it is read.
    public let storage: UnsafeMutableRawBufferPointer
    private var length: Int

    /// Reserves `capacity` bytes, not zeroed. The whole capacity counts as the message until `count` is set.
    public init(capacity: Int) {
        require(capacity >= 0, "a message buffer cannot hold \(capacity) bytes")
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(capacity, 1), alignment: 64)
        self.init(storage: UnsafeMutableRawBufferPointer(start: memory.baseAddress, count: capacity), count: capacity)
    }

    /// A buffer that holds a copy of `bytes`.
    public init(copying bytes: some Collection<UInt8>) {
        self.init(capacity: bytes.count)
        storage.copyBytes(from: bytes)
    }

    init(storage: UnsafeMutableRawBufferPointer, count: Int) {
        self.storage = storage
        length = count
    }

    deinit { storage.deallocate() }

    public var capacity: Int { storage.count }

    /// The message's length in bytes: what a send sends, and what a receive received.
    public var count: Int {
        get { length }
        set {
            require((0...capacity).contains(newValue), "\(newValue) bytes do not fit a buffer of \(capacity)")
            length = newValue
        }
    }

    /// The message: the first `count` bytes. Valid as long as the buffer is; see ``storage``.
    public var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: storage[..<length]) }

    /// A copy of the message as whole values, which travel as they lie in memory; a rest that makes no value is left.
    public func values<Value: BitwiseCopyable>(of type: Value.Type) -> [Value] {
        let stride = MemoryLayout<Value>.stride
        return [Value](unsafeUninitializedCapacity: length / stride) { values, count in
            count = length / stride
            UnsafeMutableRawBufferPointer(values).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: storage[..<(count * stride)]))
        }
    }

    /// Gives the memory up to an owner that frees it or hands it back.
    consuming func release() -> UnsafeMutableRawBufferPointer {
        let memory = storage
        discard self
        return memory
    }
}

@available(*, unavailable)
extension MessageBuffer: Sendable {}
