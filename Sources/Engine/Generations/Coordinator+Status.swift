import Platform
import Requests

/// Publishes what a coordinator does, as often as anyone could look.
struct StatusReporter {
    private let time: any TimeSource
    private let start: Duration
    private var last: Duration

    init(time: any TimeSource = MachineTime()) {
        self.time = time
        start = time.now
        last = start - EngineStatus.interval
    }

    /// - Parameter rests: Nothing is left to do, which is told at once.
    mutating func publish(_ coordinator: Coordinator, to mailbox: Mailbox, rests: Bool) {
        let now = time.now
        guard rests || now - last >= EngineStatus.interval else { return }
        last = now
        if rests { coordinator.beginCountingFlight() }
        defer { coordinator.beginCountingFlight() }
        var status = coordinator.status
        status.seconds = (now - start).seconds
        mailbox.publish(status)
    }
}

extension Coordinator {
    /// What it is doing, but for the time.
    fileprivate var status: EngineStatus {
        var status = EngineStatus()
        status.waiting = scheduler.waitingCount
        status.running = scheduler.runningCount
        status.kvBlocks = scheduler.limits.capacity.blockCount
        status.freeKVBlocks = scheduler.freeBlockCount
        status.inFlight = mostInFlight
        status.microbatches = Int(pipeline.submittedCount)
        status.computedTokens = computedRowCount
        status.sampledTokens = sampledTokenCount
        status.preemptions = scheduler.preemptionCount
        status.busySeconds = pipeline.busySeconds
        return status
    }
}
