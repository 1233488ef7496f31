/// Why a rank cannot go on, with the status that the program exits with.
public struct Failure: Error, Equatable {
    public let status: Int32
    public let message: String

    public init(status: Int32, message: String) {
        self.status = status
        self.message = message
    }
}
