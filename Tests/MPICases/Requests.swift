import BasicContainers
import MPI

enum Requests {
    static var cases: [String: MPICases.Case] {
        [
            "requests": requests, "requests-in-order": inOrder, "cancel": cancel,
            "request-buffers": buffers,
        ]
    }

    /// Every rank sends to every rank, itself included, and holds all requests in one collection.
    static func requests(_ world: borrowing Communicator) throws {
        var receives = UniqueArray<Request>()
        var sends = UniqueArray<Request>()
        for peer in 0..<world.size {
            receives.append(try world.beginReceive(into: MessageBuffer(capacity: 9000), from: peer, tag: 3))
        }
        for peer in 0..<world.size {
            let count = 1000 + 100 * world.rank + peer
            sends.append(try world.beginSend(pattern(world.rank * 10 + peer, count: count), to: peer, tag: 3))
        }
        for peer in (0..<world.size).reversed() {
            let status = try receives[peer].wait(.idle, timeout: patience)
            let count = 1000 + 100 * peer + world.rank
            try expect(status == MessageStatus(peer: peer, tag: 3, byteCount: count), "\(status)")
            let buffer = receives.removeLast().takeBuffer()
            try expect(buffer.count == count && buffer.capacity == 9000, "\(buffer.count) of \(buffer.capacity)")
            try expect(matches(buffer.bytes, peer * 10 + world.rank, count: count), "the message differs")
        }
        while var send = sends.popLast() {
            let peer = sends.count
            while try send.test() == nil {}
            try expect(send.isComplete, "tested complete, and not complete")
            let buffer = send.takeBuffer()
            try expect(matches(buffer.bytes, world.rank * 10 + peer, count: 1000 + 100 * world.rank + peer), "changed")
        }
    }

    /// Messages between two ranks with one tag keep their order (MPI-3.1 §3.5).
    static func inOrder(_ world: borrowing Communicator) throws {
        let next = (world.rank + 1) % world.size
        var receives = UniqueArray<Request>()
        var sends = UniqueArray<Request>()
        for _ in 0..<50 { receives.append(try world.beginReceive(into: MessageBuffer(capacity: 5000), from: nil)) }
        for index in 0..<50 { sends.append(try world.beginSend(pattern(index, count: index * 100), to: next)) }
        for index in 0..<50 {
            try receives[index].wait(timeout: patience)
            try sends[index].wait(timeout: patience)
        }
        for index in (0..<50).reversed() {
            let buffer = receives.removeLast().takeBuffer()
            try expect(matches(buffer.bytes, index, count: index * 100), "message \(index) differs")
        }
    }

    /// Receives posted ahead can be taken back, and one whose message has come says so.
    static func cancel(_ world: borrowing Communicator) throws {
        var waiting = try world.beginReceive(into: MessageBuffer(capacity: 16), from: nil, tag: 9)
        try expect(try waiting.test() == nil, "a message came from nowhere")
        try expect(try waiting.cancel() == nil, "a message came from nowhere")
        let buffer = waiting.takeBuffer()
        try expect(buffer.count == 0 && buffer.capacity == 16, "\(buffer.count)")
        // The place in the queue is free again: the next message reaches the next receive.
        var send = try world.beginSend(pattern(4, count: 16), to: world.rank, tag: 9)
        var late = try world.beginReceive(into: buffer, from: world.rank, tag: 9)
        try send.wait()
        // Lets the library move the message.
        for _ in 0..<1000 {
            try expect(try world.matchIfPresent(from: nil, tag: 8) == nil, "a message came from nowhere")
        }
        let status = try late.cancel()
        try expect(status == MessageStatus(peer: world.rank, tag: 9, byteCount: 16), "\(String(describing: status))")
        try expect(matches(late.takeBuffer(), 4, count: 16), "the message differs")
    }

    static func buffers(_ world: borrowing Communicator) throws {
        var buffer = MessageBuffer(capacity: 1000)
        try expect(UInt(bitPattern: buffer.storage.baseAddress) % 64 == 0, "not aligned")
        try expect(buffer.count == 1000, "\(buffer.count)")
        buffer.count = 10
        let start = buffer.storage.baseAddress
        var receive = try world.beginReceive(into: MessageBuffer(capacity: 1000), from: world.rank)
        let back = try world.beginSend(buffer, to: world.rank).finish()
        try expect(back.storage.baseAddress == start && back.count == 10, "another buffer came back")
        try expect(try receive.wait().byteCount == 10, "the capacity was sent, not the count")
        try expect(receive.takeBuffer().count == 10, "the count does not tell what came")
        try expect(MessageBuffer(copying: [1, 2, 3]).values(of: UInt8.self) == [1, 2, 3], "not copied")
    }
}
