import MPI

/// Measurements, printed and not judged: `mpirun -np 2 mpi-cases latency`.
enum Latency {
    static var cases: [String: MPICases.Case] {
        ["latency": latency]
    }

    static func latency(_ world: borrowing Communicator) throws {
        guard world.size > 1, world.rank < 2 else { return }
        for count in [64, 32 << 10, 1 << 20] {
            let rounds = count > 100_000 ? 300 : 2000
            try pingPong(world, "blocking, \(count) B", count: count, rounds: rounds) { send, receive, isFirst in
                let bytes = UnsafeRawBufferPointer(send.bytes)
                if isFirst { try world.send(bytes, to: 1 - world.rank) }
                try world.receive(into: receive.storage, from: 1 - world.rank)
                if !isFirst { try world.send(bytes, to: 1 - world.rank) }
            }
        }
    }

    private static func pingPong(
        _ world: borrowing Communicator, _ name: String, count: Int, rounds: Int,
        _ round: (borrowing MessageBuffer, borrowing MessageBuffer, Bool) throws -> Void
    ) throws {
        let send = pattern(1, count: count)
        let receive = MessageBuffer(capacity: count)
        try time(world, name, rounds: rounds) { try round(send, receive, world.rank == 0) }
    }

    /// Prints the time of one way.
    private static func time(
        _ world: borrowing Communicator, _ name: String, rounds: Int, _ round: () throws -> Void
    ) throws {
        var times: [Double] = []
        for _ in 0..<rounds {
            let start = seconds()
            try round()
            times.append((seconds() - start) * 1e6 / 2)
        }
        times.sort()
        func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
        let p99 = times[rounds * 99 / 100]
        if world.rank == 0 { print("\(name): median \(tenths(times[rounds / 2])) us, p99 \(tenths(p99)) us one way") }
    }
}
