import DequeModule
import MPI
import Platform

/// The ring inside one process: every stage's frames go through a queue in memory.
///
/// With one stage it is the whole transport of a run without mpirun; with several, tests run the pipeline on threads.
public final class LoopbackLink: Link {
    public let previousRank: Int
    private let incoming: BlockingQueue<MessageBuffer>
    private let outgoing: BlockingQueue<MessageBuffer>
    private let frameCapacity: Int
    private var pool = UniqueDeque<MessageBuffer>()

    private init(
        previousRank: Int, incoming: BlockingQueue<MessageBuffer>, outgoing: BlockingQueue<MessageBuffer>,
        frameCapacity: Int
    ) {
        self.previousRank = previousRank
        self.incoming = incoming
        self.outgoing = outgoing
        self.frameCapacity = frameCapacity
    }

    /// The links of a ring of `stageCount` stages, in the order of the stages.
    public static func ring(stageCount: Int, frameCapacity: Int) -> [LoopbackLink] {
        let queues = (0..<stageCount).map { _ in BlockingQueue<MessageBuffer>() }
        return (0..<stageCount).map { stage in
            LoopbackLink(
                previousRank: (stage + stageCount - 1) % stageCount, incoming: queues[stage],
                outgoing: queues[(stage + 1) % stageCount], frameCapacity: frameCapacity)
        }
    }

    public func makeFrame() -> Frame {
        Frame(emptying: pool.isEmpty ? MessageBuffer(capacity: frameCapacity) : pool.removeFirst())
    }

    public func send(_ frame: consuming Frame) { outgoing.append(frame.release()) }

    public func hasArrived() -> Bool { !incoming.isEmpty }

    public func receive(mayRest: Bool) -> Frame { Frame(incoming.removeFirst()) }

    public func receive(mayRest: Bool, unless isInterrupted: () -> Bool) -> Frame? {
        var backoff = Backoff(.yielding)
        while incoming.isEmpty {
            if isInterrupted() { return nil }
            _ = backoff.pause()
        }
        return receive(mayRest: mayRest)
    }

    public func wake() {}

    public func progress() {}

    public func close() {}

    public func recycle(_ frame: consuming Frame) { pool.append(frame.release()) }
}
