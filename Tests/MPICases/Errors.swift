import MPI

enum Errors {
    static var cases: [String: MPICases.Case] {
        [
            "wrong-rank": wrongRank, "truncated": truncated, "wrong-arguments": wrongArguments, "uncaught": uncaught,
        ]
    }

    static func wrongRank(_ world: borrowing Communicator) throws {
        let error = try expectError { try world.send([1], to: world.size) }
        try expect(error.errorClass == .rank && error.call == "MPI_Send", "\(error)")
        try expect(error.rank == world.rank && error.peer == world.size, "\(error)")
        try expect(
            error.description.hasPrefix("rank \(world.rank): MPI_Send with rank \(world.size) failed:"), "\(error)")
        try expect(error.description.lowercased().contains("invalid rank"), "\(error)")
        let nonblocking = try expectError {
            _ = try world.beginSend(MessageBuffer(capacity: 4), to: 1 << 40).finish()
        }
        try expect(nonblocking.errorClass == .rank && nonblocking.call == "MPI_Isend", "\(nonblocking)")
        let broadcast = try expectError { _ = try world.broadcast(1, root: world.size) }
        try expect(broadcast.errorClass == .root && broadcast.call == "MPI_Ibcast", "\(broadcast)")
        // Duplicates return errors too.
        let other = try world.duplicate()
        try expect(try expectError { try other.send([1], to: -9) }.errorClass == .rank, "in a duplicate")
    }

    static func truncated(_ world: borrowing Communicator) throws {
        try truncatedOnce(world, call: "MPI_Recv") { world in
            let buffer = MessageBuffer(capacity: 8)
            try world.receive(into: buffer.storage, from: world.rank)
        }
        try truncatedOnce(world, call: "MPI_Irecv") { world in
            var request = try world.beginReceive(into: MessageBuffer(capacity: 8), from: world.rank)
            try request.wait(timeout: patience)
        }
        try truncatedOnce(world, call: "MPI_Mrecv") { world in
            let buffer = MessageBuffer(capacity: 8)
            try world.match(from: nil).receive(into: buffer.storage)
        }
        try world.barrier()
    }

    private static func truncatedOnce(
        _ world: borrowing Communicator, call: String, _ receive: MPICases.Case
    ) throws {
        var send = try world.beginSend(pattern(1, count: 16), to: world.rank)
        let error = try expectError { try receive(world) }
        try expect(error.errorClass == .truncate && error.call == call && error.rank == world.rank, "\(error)")
        try send.wait(timeout: patience)
    }

    static func wrongArguments(_ world: borrowing Communicator) throws {
        try expect(try expectError { try world.send([1], to: world.rank, tag: -5) }.errorClass == .tag, "tag")
        let part = pattern(1, count: 16)
        let short = MessageBuffer(capacity: 16 * world.size - 1)
        let bytes = UnsafeRawBufferPointer(part.bytes)
        let fits = try expectError { try world.allgather(bytes, into: short.storage) }
        try expect(fits.description.contains("do not fit"), "\(fits)")
        let counts = try expectError {
            try world.allgather(bytes, into: short.storage, counts: [16] + [16, 16, 16, 16])
        }
        try expect(counts.call == "MPI_Allgatherv", "\(counts)")
        let overflowing = [Int](repeating: 16, count: world.size - 1) + [Int.max]
        if world.rank < world.size - 1 {
            let error = try expectError { try world.allgather(bytes, into: short.storage, counts: overflowing) }
            try expect(error.cause == .messageLength(.max), "\(error)")
        }
        if world.size > 1 {
            let uneven = try expectError {
                _ = try world.beginAllgather(MessageBuffer(capacity: world.size * 4 + 1)).finish()
            }
            try expect(uneven.call == "MPI_Iallgather", "\(uneven)")
        }
    }

    /// The error that reaches the user names the call and the rank.
    static func uncaught(_ world: borrowing Communicator) throws {
        try world.barrier()
        if world.rank == world.size - 1 { try world.send([1], to: 99) }
        try world.barrier(waiting: .idle, timeout: patience)
    }
}
