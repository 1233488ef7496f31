import MPI

enum PersistentRequests {
    static var cases: [String: MPICases.Case] {
        ["persistent": persistent, "persistent-cancel": cancel]
    }

    /// Frames go round the ring through the same two requests, again and again.
    static func persistent(_ world: borrowing Communicator) throws {
        let next = (world.rank + 1) % world.size
        let previous = (world.rank + world.size - 1) % world.size
        var send = try world.persistentSend(MessageBuffer(capacity: 256), to: next, tag: 1)
        var receive = try world.persistentReceive(into: MessageBuffer(capacity: 300), from: previous, tag: 1)
        for round in 0..<100 {
            try receive.start()
            send.bytes.storeBytes(of: round * 100 + world.rank, as: Int.self)
            try send.start()
            try expect(send.isActive || receive.isActive, "started, and not active")
            let status = try receive.wait(round % 2 == 0 ? .yielding : .idle, timeout: patience)
            try expect(status == MessageStatus(peer: previous, tag: 1, byteCount: 256), "\(status)")
            let number = receive.bytes.load(as: Int.self)
            try expect(number == round * 100 + previous, "round \(round) brought \(number)")
            while try send.test() == nil {}
        }
        let buffer = receive.takeBuffer()
        try expect(buffer.count == 256 && buffer.capacity == 300, "\(buffer.count) of \(buffer.capacity)")
    }

    static func cancel(_ world: borrowing Communicator) throws {
        var receive = try world.persistentReceive(into: MessageBuffer(capacity: 8), from: world.rank)
        try receive.start()
        try expect(try receive.cancel() == nil, "a message came from nowhere")
        // A cancelled persistent receive is inactive and can be started again.
        try receive.start()
        var send = try world.persistentSend(pattern(2, count: 8), to: world.rank)
        try send.start()
        try send.wait()
        try receive.wait(timeout: patience)
        try expect(matches(receive.bytes, 2, count: 8), "the message differs")
    }
}
