import MPI

enum Probes {
    static var cases: [String: MPICases.Case] {
        ["probe": probe, "matched-probe": matched]
    }

    static func probe(_ world: borrowing Communicator) throws {
        let next = (world.rank + 1) % world.size
        let previous = (world.rank + world.size - 1) % world.size
        try expect(try world.probeIfPresent(from: nil, tag: nil) == nil, "a message came from nowhere")
        try world.barrier()
        var send = try world.beginSend(pattern(3, count: 77), to: next, tag: 6)
        let expected = MessageStatus(peer: previous, tag: 6, byteCount: 77)
        try expect(try world.probe(from: nil, tag: nil, waiting: .idle, timeout: patience) == expected, "first")
        try expect(try world.probe(from: previous, tag: 6) == expected, "a probe must leave the message")
        let buffer = MessageBuffer(capacity: 77)
        try world.receive(into: buffer.storage, from: previous, tag: 6)
        try expect(matches(buffer.bytes, 3, count: 77), "the message differs")
        try send.wait()
        try expect(try world.probeIfPresent(from: nil, tag: nil) == nil, "the message came twice")
    }

    static func matched(_ world: borrowing Communicator) throws {
        let next = (world.rank + 1) % world.size
        let previous = (world.rank + world.size - 1) % world.size
        var first = try world.beginSend(pattern(1, count: 10), to: next)
        var second = try world.beginSend(pattern(2, count: 20), to: next)
        let one = try world.match(from: previous, waiting: .idle, timeout: patience)
        let two = try world.match(from: nil, tag: nil)
        try expect(one.status.byteCount == 10 && two.status.byteCount == 20, "matched out of order")
        // A matched message can be received in any order, and by nothing else.
        try expect(try world.matchIfPresent(from: nil) == nil, "a third message")
        let later = try two.beginReceive(into: MessageBuffer(capacity: 50)).finish()
        try expect(matches(later.bytes, 2, count: 20), "the second message differs")
        try expect(matches(try one.receive(), 1, count: 10), "the first message differs")
        try first.wait()
        try second.wait()
    }
}
