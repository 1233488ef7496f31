import Platform
import Synchronization
import TestSupport
import Testing

@testable import Ring
@testable import Traces

@Suite("Traces")
struct TraceTests {
    private static func note(_ number: Int, _ recorder: TraceRecorder) {
        recorder.note(
            .compute, start: Int64(number), end: Int64(number + 1), microbatch: UInt64(number), rows: 1)
    }

    @Test("A recorder keeps the newest events, the oldest first", arguments: [0, 3, 8, 9, 21])
    func ring(count: Int) {
        let recorder = TraceRecorder(capacity: 8)
        for number in 0..<count { Self.note(number, recorder) }
        let recording = recorder.finish()!
        var kept: [UInt64] = []
        recording.forEachPiece(of: 3) { piece in
            #expect(piece.count <= 3)
            kept += piece.map(\.microbatch)
        }
        #expect(kept == (max(0, count - 8)..<count).map(UInt64.init))
        #expect(recording.count == min(count, 8))
        #expect(recording.droppedCount == max(0, count - 8))
    }

    @Test("What is read does not change while the stage goes on")
    func readingEndsRecording() {
        let recorder = TraceRecorder(capacity: 8)
        for number in 0..<8 { Self.note(number, recorder) }
        recorder.mark("one", at: 0, [:])
        let recording = recorder.finish()!
        recording.forEachPiece(of: 8) { piece in
            Self.note(8, recorder)
            recorder.mark("another", at: 1, [:])
            #expect(piece.map(\.microbatch) == Array(0..<8))
        }
        #expect(recording.marks.map(\.name) == ["one"])
        let isFinished = if recorder.finish() == nil { true } else { false }
        #expect(isFinished)
    }

    @Test("Another thread ends a recording in which marks and events come")
    func otherThread() throws {
        let recorder = TraceRecorder(capacity: 64)
        let hasEnded = Atomic(false)
        let thread = TestThread {
            for number in 0... {
                Self.note(number, recorder)
                recorder.mark("\(number)", at: Int64(number), [:])
                if hasEnded.load(ordering: .relaxed) { return }
            }
        }
        while recorder.phase == 0 { recorder.beginPhase() }
        let recording = recorder.finish()!
        hasEnded.store(true, ordering: .relaxed)
        try thread.join()
        #expect(recording.marks.map(\.name) == recording.marks.indices.map { "\($0)" })
        #expect((0...1).contains(recording.count + recording.droppedCount - recording.marks.count))
    }

    @Test("Sums and events are the same laps, phase by phase")
    func laps() {
        let recorder = TraceRecorder(capacity: 100)
        var clock = StageClock(MachineTime(), observer: recorder)
        var sums: [StageTimes] = []
        for phase in 0..<3 {
            for activity in Activity.allCases { clock.lap(activity, microbatch: UInt64(phase), rows: 2) }
            sums.append(clock.take())
        }
        var events: [TraceEvent] = []
        recorder.finish()!.forEachPiece(of: 100) { events += $0 }
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
