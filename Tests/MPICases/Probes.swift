import MPI

enum Probes {
    static var cases: [String: MPICases.Case] {
        ["matched-probe": matched]
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
        try expect(matches(try two.receive(), 2, count: 20), "the second message differs")
        try expect(matches(try one.receive(), 1, count: 10), "the first message differs")
        try first.wait()
        try second.wait()
    }
}
