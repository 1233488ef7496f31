import Hummingbird

/// A response, and who writes its line in the log.
struct Answer {
    let response: Response
    /// A stream is logged at its end.
    let logsItself: Bool

    init(_ response: Response, logsItself: Bool = false) {
        self.response = response
        self.logsItself = logsItself
    }
}
