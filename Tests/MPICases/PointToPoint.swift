import MPI

enum PointToPoint {
    static var cases: [String: MPICases.Case] {
        [
            "identity": identity, "send-receive": sendReceive, "values": values,
            "large": large,
        ]
    }

    static func identity(_ world: borrowing Communicator) throws {
        let launch = Launch.current
        try expect(launch?.rank == world.rank, "launcher's rank \(String(describing: launch)) is not \(world.rank)")
        try expect(launch?.size == world.size, "launcher's size \(String(describing: launch)) is not \(world.size)")
        try expect(launch?.localSize == world.size && launch?.localRank == world.rank, "\(String(describing: launch))")
        try expect(Environment.isLaunched, "launched by mpirun, and not known")
    }

    /// A token goes round the ring of ranks, growing; with one rank it goes to itself, which only buffers can do.
    static func sendReceive(_ world: borrowing Communicator) throws {
        // A blocking send to oneself may wait for ever for a receive; requests to oneself are a case of their own.
        if world.size == 1 { return }
        let next = (world.rank + 1) % world.size
        let previous = (world.rank + world.size - 1) % world.size
        for count in [0, 1, 64, 5000, 300_000] {
            let message = pattern(count, count: count)
            let received = MessageBuffer(capacity: count + 8)
            if world.rank == 0 { try world.send(UnsafeRawBufferPointer(message.bytes), to: next, tag: 5) }
            let status = try world.receive(into: received.storage, from: previous, tag: 5)
            if world.rank != 0 { try world.send(UnsafeRawBufferPointer(message.bytes), to: next, tag: 5) }
            try expect(status == MessageStatus(peer: previous, tag: 5, byteCount: count), "\(status)")
            let bytes = UnsafeMutableRawBufferPointer(rebasing: received.storage[..<count])
            try expect(matches(bytes, count, count: count), "\(count) bytes differ")
        }
    }

    struct Layout: BitwiseCopyable, Equatable {
        var a: Int32
        var b: Double
    }

    static func values(_ world: borrowing Communicator) throws {
        let peer = world.size - 1 - world.rank
        if peer == world.rank { return }
        let numbers = (0..<1000).map { Int32($0 * world.rank) }
        let structs = [Layout(a: 1, b: 2), Layout(a: 3, b: Double(world.rank))]
        try world.send(numbers, to: peer, tag: 1)
        try world.send(structs, to: peer, tag: 2)
        let others = try world.receive(Layout.self, from: peer, tag: 2, waiting: .idle, timeout: patience)
        try expect(others == [Layout(a: 1, b: 2), Layout(a: 3, b: Double(peer))], "\(others)")
        let received = try world.receive(Int32.self, from: peer, tag: 1)
        try expect(received == (0..<1000).map { Int32($0 * peer) }, "the numbers differ")
        try world.send([UInt8(1), 2, 3], to: peer, tag: 3)
        let error = try expectError { _ = try world.receive(Int32.self, from: peer, tag: 3) }
        try expect(error.description.contains("3 bytes"), "\(error)")
    }

    /// Messages of several hundred megabytes go in one piece; the limit is refused before anything is sent.
    static func large(_ world: borrowing Communicator) throws {
        let count = 300 << 20
        let buffer = MessageBuffer(capacity: count)
        buffer.storage[count - 1] = UInt8(100 + world.rank)
        if world.rank == 0 {
            let request = try world.beginSend(buffer, to: 1)
            _ = try request.finish()
        } else if world.rank == 1 {
            let received = try world.beginReceive(into: buffer, from: 0).finish(.idle)
            try expect(received.count == count && received.bytes[count - 1] == 100, "\(received.count)")
        }
        let tooLong = UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: 64), count: Int(Int32.max) + 1)
        let error = try expectError { try world.send(tooLong, to: 0) }
        try expect(error.cause == .messageLength(Int(Int32.max) + 1), "\(error)")
    }
}
