/// Small values and byte strings, for set-up and reports: waits follow a policy and have a deadline, and nothing has to
/// be freed. Values travel as they lie in memory, so both sides must be the same program on like machines.
extension Communicator {
    /// Returns when all ranks have come here, sleeping if the policy says so.
    public func barrier(waiting policy: WaitPolicy = .yielding, timeout: Duration? = nil) throws(MPIError) {
        _ = try beginBarrier().finish(policy, timeout: timeout)
    }

    /// Sends an array; see ``send(_:to:tag:)`` for raw memory.
    public func send<Value: BitwiseCopyable>(_ values: [Value], to rank: Int, tag: Int = 0) throws(MPIError) {
        let buffer = MessageBuffer(capacity: values.count * MemoryLayout<Value>.stride)
        values.withUnsafeBytes { buffer.storage.copyMemory(from: $0) }
        try send(UnsafeRawBufferPointer(buffer.bytes), to: rank, tag: tag)
    }

    /// Receives an array of any length.
    ///
    /// - Throws: ``MPIError/Cause/blockLayout(_:)`` when the message is not a whole number of values.
    public func receive<Value: BitwiseCopyable>(
        _ type: Value.Type, from rank: Int?, tag: Int? = 0, waiting policy: WaitPolicy = .yielding,
        timeout: Duration? = nil
    ) throws(MPIError) -> [Value] {
        let buffer = try match(from: rank, tag: tag, waiting: policy, timeout: timeout).receive()
        guard buffer.count.isMultiple(of: MemoryLayout<Value>.stride) else {
            throw report("MPI_Mrecv", .blockLayout("\(buffer.count) bytes as values of type \(type)"))
        }
        return buffer.values(of: type)
    }

    /// The root's value, on all ranks.
    public func broadcast<Value: BitwiseCopyable>(
        _ value: Value, root: Int, waiting policy: WaitPolicy = .yielding, timeout: Duration? = nil
    ) throws(MPIError) -> Value {
        let buffer = MessageBuffer(capacity: MemoryLayout<Value>.stride)
        buffer.storage.storeBytes(of: value, as: Value.self)
        return try beginBroadcast(buffer, root: root).finish(policy, timeout: timeout).values(of: Value.self)[0]
    }

    /// The root's bytes, on all ranks; what others give does not matter.
    public func broadcast(
        _ bytes: [UInt8], root: Int, waiting policy: WaitPolicy = .yielding, timeout: Duration? = nil
    ) throws(MPIError) -> [UInt8] {
        let count = try broadcast(bytes.count, root: root, waiting: policy, timeout: timeout)
        let buffer = MessageBuffer(capacity: count)
        if rank == root { buffer.storage.copyBytes(from: bytes) }
        return try beginBroadcast(buffer, root: root).finish(policy, timeout: timeout).values(of: UInt8.self)
    }

    /// Every rank's value, in rank order, on all ranks.
    public func allgather<Value: BitwiseCopyable>(
        _ value: Value, waiting policy: WaitPolicy = .yielding, timeout: Duration? = nil
    ) throws(MPIError) -> [Value] {
        let stride = MemoryLayout<Value>.stride
        let buffer = MessageBuffer(capacity: size * stride)
        buffer.storage.storeBytes(of: value, toByteOffset: rank * stride, as: Value.self)
        return try beginAllgather(buffer).finish(policy, timeout: timeout).values(of: Value.self)
    }

    /// Every rank's bytes, in rank order, on all ranks.
    public func allgather(
        _ bytes: [UInt8], waiting policy: WaitPolicy = .yielding, timeout: Duration? = nil
    ) throws(MPIError) -> [[UInt8]] {
        let counts = try allgather(bytes.count, waiting: policy, timeout: timeout)
        let part = MessageBuffer(copying: bytes)
        let whole = MessageBuffer(capacity: counts.reduce(0, +))
        try allgather(UnsafeRawBufferPointer(part.bytes), into: whole.storage, counts: counts)
        return cut(whole.bytes, by: counts)
    }

    private func cut(_ bytes: UnsafeMutableRawBufferPointer, by counts: [Int]) -> [[UInt8]] {
        var start = 0
        return counts.map { count in
            defer { start += count }
            return [UInt8](bytes[start..<start + count])
        }
    }
}
