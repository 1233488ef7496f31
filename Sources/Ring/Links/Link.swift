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

    /// Waits for the next frame. While no sequence runs (`mayRest`) the wait costs next to nothing.
    func receive(mayRest: Bool) throws(PipelineError) -> Frame

    /// The same, of a stage that has other things to look after.
    ///
    /// - Parameter isInterrupted: Asked again and again.
    /// - Returns: nil where it said so first. However often that happens, a stage that is silent for too long is an error.
    func receive(mayRest: Bool, unless isInterrupted: () -> Bool) throws(PipelineError) -> Frame?

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
    public func receive(mayRest: Bool) throws(PipelineError) -> Frame {
        try receive(mayRest: mayRest, unless: { false })!
    }
}
