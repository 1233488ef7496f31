import Platform
import Testing

@testable import Ring
@testable import Traces

@Suite("Traces")
struct TraceTests {
    private static func event(_ number: Int) -> TraceEvent {
        TraceEvent(
            .compute, start: Int64(number), end: Int64(number + 1), microbatch: UInt64(number), rows: 1, phase: 0)
    }

    @Test("A recorder keeps the newest events, the oldest first", arguments: [0, 3, 8, 9, 21])
    func ring(count: Int) {
        let recorder = TraceRecorder(capacity: 8)
        for number in 0..<count { recorder.note(Self.event(number)) }
        var kept: [UInt64] = []
        recorder.forEachPiece(of: 3) { piece in
            #expect(piece.count <= 3)
            kept += piece.map(\.microbatch)
        }
        #expect(kept == (max(0, count - 8)..<count).map(UInt64.init))
        #expect(recorder.count == min(count, 8))
        #expect(recorder.droppedCount == max(0, count - 8))
    }

    @Test("Sums and events are the same laps, phase by phase")
    func laps() throws {
        let recorder = TraceRecorder(capacity: 100)
        var clock = StageClock(MachineTime(), observer: recorder)
        var sums: [StageTimes] = []
        for phase in 0..<3 {
            for activity in Activity.allCases { clock.lap(activity, microbatch: UInt64(phase), rows: 2) }
            sums.append(clock.take())
        }
        var events: [TraceEvent] = []
        recorder.forEachPiece(of: 100) { events += $0 }
        for (phase, sum) in sums.enumerated() {
            func seconds(_ activities: [Activity]) -> Double {
                let laps = events.filter { Int($0.phase) == phase && activities.contains($0.activity!) }
                return Double(laps.reduce(0) { $0 + $1.end - $1.start }) * 1e-9
            }
            #expect(abs(sum.compute - seconds([.embed, .compute, .head, .sample])) < 1e-12)
            #expect(abs(sum.wait - seconds([.wait])) < 1e-12 && abs(sum.send - seconds([.send])) < 1e-12)
        }
    }

    @Test("A clock that is ahead and fast is turned into rank 0's", arguments: [0, 5_000_000_000, -7_000_000])
    func clockMap(ahead: Int64) {
        // 20 ppm fast, read at the start and 100 seconds later, with answers that took 40 microseconds.
        func theirs(_ time: Int64) -> Int64 { time + ahead + time / 50_000 }
        func read(_ time: Int64) -> ClockReading {
            ClockReading(sent: time - 20_000, theirs: theirs(time), received: time + 20_000)
        }
        let map = ClockMap(start: read(1_000_000_000), end: read(101_000_000_000))
        for time: Int64 in [1_000_000_000, 33_000_000_000, 101_000_000_000] {
            #expect(abs(map.rankZeroTime(of: theirs(time)) - time) <= 2)
        }
        #expect(abs(map.drift * 1e6 - 20) < 1e-3)
        #expect(map.uncertainty == 20_000)
        #expect(abs(map.driftUncertainty * 1e6 - 0.4) < 1e-9)
        #expect(ClockMap.ownClock(from: 5).rankZeroTime(of: 77) == 77)
    }
}
