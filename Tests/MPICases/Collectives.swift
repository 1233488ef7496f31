import MPI

enum Collectives {
    static var cases: [String: MPICases.Case] {
        [
            "broadcast": broadcast, "allgather": allgather, "nonblocking-collectives": nonblocking,
            "collective-values": values, "barrier": barrier,
        ]
    }

    static func broadcast(_ world: borrowing Communicator) throws {
        for root in 0..<world.size {
            for count in [0, 1, 4096, 500_000] {
                let buffer = pattern(world.rank == root ? root : 100, count: count)
                try world.broadcast(buffer.bytes, root: root)
                try expect(matches(buffer.bytes, root, count: count), "\(count) bytes of \(root) differ")
            }
        }
    }

    static func allgather(_ world: borrowing Communicator) throws {
        let part = pattern(world.rank, count: 5000)
        let whole = MessageBuffer(capacity: 5000 * world.size)
        try world.allgather(UnsafeRawBufferPointer(part.bytes), into: whole.storage)
        let counts = (0..<world.size).map { 3 * $0 + 1 }
        let uneven = pattern(world.rank, count: counts[world.rank])
        let all = MessageBuffer(capacity: counts.reduce(0, +))
        try world.allgather(UnsafeRawBufferPointer(uneven.bytes), into: all.storage, counts: counts)
        for rank in 0..<world.size {
            try expect(matches(slice(whole, 5000 * rank, 5000), rank, count: 5000), "part \(rank) differs")
            let start = counts[..<rank].reduce(0, +)
            try expect(matches(slice(all, start, counts[rank]), rank, count: counts[rank]), "part \(rank) differs")
        }
    }

    /// Several collectives under way at once, completed in another order than they were begun.
    static func nonblocking(_ world: borrowing Communicator) throws {
        var barrier = try world.beginBarrier()
        let mine = MessageBuffer(capacity: 16 * world.size)
        mine.storage.storeBytes(of: world.rank * 7, toByteOffset: 16 * world.rank, as: Int.self)
        var gathering = try world.beginAllgather(mine)
        let root = world.size - 1
        var broadcasting = try world.beginBroadcast(
            pattern(world.rank == root ? 55 : 0, count: 100_000), root: root)
        try broadcasting.wait(.idle, timeout: patience)
        try gathering.wait(.idle, timeout: patience)
        try barrier.wait(.idle, timeout: patience)
        try expect(matches(broadcasting.takeBuffer(), 55, count: 100_000), "the broadcast differs")
        let whole = gathering.takeBuffer()
        for rank in 0..<world.size {
            let number = whole.storage.load(fromByteOffset: 16 * rank, as: Int.self)
            try expect(number == rank * 7, "rank \(rank) gave \(number)")
        }
    }

    static func values(_ world: borrowing Communicator) throws {
        let root = world.size / 2
        try expect(try world.broadcast(Double(world.rank) + 0.5, root: root) == Double(root) + 0.5, "a number")
        let text = Array("from rank \(world.rank)".utf8)
        try expect(
            try world.broadcast(text, root: root, waiting: .idle, timeout: patience)
                == Array("from rank \(root)".utf8), "a text")
        try expect(try world.allgather(Int16(world.rank)) == (0..<world.size).map { Int16($0) }, "numbers")
        let own = [UInt8](repeating: UInt8(world.rank), count: world.rank * 3)
        let all = (0..<world.size).map { [UInt8](repeating: UInt8($0), count: $0 * 3) }
        try expect(try world.allgather(own, waiting: .idle, timeout: patience) == all, "byte strings")
    }

    static func barrier(_ world: borrowing Communicator) throws {
        try world.barrier()
        try world.barrier(waiting: .idle, timeout: patience)
        guard world.size > 1 else { return }
        if world.rank == 0 {
            let error = try expectError { try world.barrier(waiting: .idle, timeout: .milliseconds(100)) }
            try expect(error.isTimeout && error.call == "MPI_Ibarrier" && error.rank == 0, "\(error)")
            try world.broadcast(UnsafeMutableRawBufferPointer(start: nil, count: 0), root: 0)
            // The barrier that timed out is still under way here: the others come to it only now.
            for rank in 1..<world.size { try world.send([UInt8(1)], to: rank) }
            try world.barrier()
        } else {
            _ = try world.receive(UInt8.self, from: 0)
            try world.barrier(waiting: .idle)
            try world.broadcast(UnsafeMutableRawBufferPointer(start: nil, count: 0), root: 0)
            try world.barrier()
        }
    }

    private static func slice(_ buffer: borrowing MessageBuffer, _ start: Int, _ count: Int)
        -> UnsafeMutableRawBufferPointer
    {
        UnsafeMutableRawBufferPointer(rebasing: buffer.storage[start..<start + count])
    }
}
