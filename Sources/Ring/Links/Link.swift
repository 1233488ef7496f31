import MPI

/// A stage's two ends in the ring: frames go out to the next stage and come in from the one before, in order.
public protocol Link: AnyObject {
    /// Who sends to this stage.
    var previousRank: Int { get }

    /// A frame with room for the largest microbatch, from a pool that delivered frames go back to.
    func makeFrame() -> Frame

    /// Hands `frame` to the next stage and returns at once; the link owns it until it is delivered.
    func send(_ frame: consuming Frame) throws(PipelineError)

    /// Whether a frame is there to be received.
    func hasArrived() throws(PipelineError) -> Bool

    /// The same, asked by a stage that has nothing to do until then: in an emulated run time passes meanwhile.
    func hasArrivedMeanwhile() throws(PipelineError) -> Bool

    /// How to wait for a frame while microbatches are in flight.
    var waitPolicy: WaitPolicy { get }

    /// Waits for the next frame. While no sequence runs (`mayRest`) the wait costs next to nothing.
    func receive(mayRest: Bool) throws(PipelineError) -> Frame

    /// Calls the stages that rest, since a frame is going to come: the first, for all of them, before it computes.
    func wake() throws(PipelineError)

    /// Lets messages under way move on; called between layers, since MPI works only while it is called.
    func progress()

    /// Gives back a frame that was received and is not sent on.
    func recycle(_ frame: consuming Frame)

    /// Waits until everything sent has left, and receives no more.
    func close() throws(PipelineError)
}

extension Link {
    public func hasArrivedMeanwhile() throws(PipelineError) -> Bool { try hasArrived() }
    public var waitPolicy: WaitPolicy { .yielding }
}
