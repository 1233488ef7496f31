import MPI

enum Groups {
    static var cases: [String: MPICases.Case] {
        ["split": split, "duplicate": duplicate, "hosts": hosts]
    }

    static func split(_ world: borrowing Communicator) throws {
        // Even and odd ranks, in reverse order.
        guard let half = try world.split(color: world.rank % 2, key: -world.rank) else {
            throw Unmet(description: "no group")
        }
        try expect(half.size == (world.size + 1 - world.rank % 2) / 2, "size \(half.size)")
        let members = try half.allgather(world.rank)
        let expected = (0..<world.size).filter { $0 % 2 == world.rank % 2 }.reversed()
        try expect(members.elementsEqual(expected), "\(members)")
        try expect(members[half.rank] == world.rank, "own rank \(half.rank)")
        try half.free()

        let first = try world.split(color: world.rank == 0 ? 0 : nil)
        switch first {
        case .some(let group): try expect(world.rank == 0 && group.size == 1, "a group of \(group.size)")
        case .none: try expect(world.rank != 0, "rank 0 is in no group")
        }
    }

    /// A duplicate's messages and the original's do not meet.
    static func duplicate(_ world: borrowing Communicator) throws {
        let other = try world.duplicate()
        var outer = try world.beginSend(pattern(1, count: 8), to: world.rank)
        var inner = try other.beginSend(pattern(2, count: 8), to: other.rank)
        let fromOther = try other.beginReceive(into: MessageBuffer(capacity: 8), from: nil, tag: nil).finish()
        let fromWorld = try world.beginReceive(into: MessageBuffer(capacity: 8), from: nil, tag: nil).finish()
        try expect(matches(fromOther, 2, count: 8) && matches(fromWorld, 1, count: 8), "messages met")
        try outer.wait()
        try inner.wait()
    }

    static func hosts(_ world: borrowing Communicator) throws {
        let host = try world.splitByHost()
        try expect(host.size == Launch.current?.localSize && host.rank == Launch.current?.localRank, "\(host.size)")
    }
}
