import Glibc

/// Which files the process has open, and how many, connections too, it may have.
enum OpenFiles {
    /// Where standard input, output or errors were closed, as `2>&-` does, the next file to be opened would take the place,
    /// and get what is written there. In place of the output comes one that cannot be written, so that its loss is noticed.
    static func fillStandardPlaces() {
        for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(number, F_GETFD) < 0 {
            _ = open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// As many as the system allows it: a connection that waits costs little else.
    ///
    /// - Returns: How many that is; nil where nobody knows.
    @discardableResult
    static func raiseLimit() -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        let lower = limit
        limit.rlim_cur = limit.rlim_max
        let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return Int(clamping: (isRaised ? limit : lower).rlim_cur)
    }

    /// How many connections may be open where there may be `limit` files: the threads that serve them end the process where
    /// they find none to open, and other ranks want connections too.
    static func connections(of limit: Int) -> Int { max(limit - 256, limit / 2) }
}
