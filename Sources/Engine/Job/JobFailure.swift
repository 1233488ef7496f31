/// A job that ended early, and has been reported; what is left is to exit.
public struct JobFailure: Error {
    public let status: Int32

    public init(status: Int32) { self.status = status }
}
