import Glibc

/// Whether other machines answer at all, as far as one can see who has no business with them.
enum Reachability {
    /// Those of `hosts` that let a connection hang which others answer or refuse; none where no host answers: then something
    /// between swallows such questions.
    static func unreachable(among hosts: Set<String>) -> [String] {
        let silent = hosts.filter { !answers($0) }
        return silent.count < hosts.count ? silent.sorted() : hosts.count == 1 ? Array(hosts) : []
    }

    /// A port on which ssh listens, or nobody does: either is an answer.
    private static let port = "22"
    private static let patience: CInt = 2000

    private static func answers(_ host: String) -> Bool {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &list) == 0 else { return false }
        defer { freeaddrinfo(list) }
        return sequence(first: list) { $0?.pointee.ai_next }.contains { $0.map { answers($0.pointee) } ?? false }
    }

    private static func answers(_ address: addrinfo) -> Bool {
        let file = socket(address.ai_family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        guard file >= 0 else { return false }
        defer { close(file) }
        if connect(file, address.ai_addr, address.ai_addrlen) == 0 { return true }
        guard errno == EINPROGRESS else { return errno == ECONNREFUSED }
        var wish = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        guard poll(&wish, 1, patience) > 0 else { return false }
        var (error, length) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
        getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &length)
        return error == 0 || error == ECONNREFUSED
    }
}
