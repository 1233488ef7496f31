import Glibc

/// The addresses by which other machines reach this one.
enum NetworkAddresses {
    /// A line for each address of an interface that is up, such as `eth0 10.0.0.1 1000`: its name, the address, and Mbit/s
    /// where the kernel tells them; in order. Loopback and link-local ones are left out.
    static var all: [String] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        return sequence(first: first) { $0?.pointee.ifa_next }.compactMap { $0.flatMap(line) }.sorted()
    }

    private static func line(_ entry: UnsafeMutablePointer<ifaddrs>) -> String? {
        let flags = CInt(bitPattern: entry.pointee.ifa_flags)
        guard flags & CInt(IFF_UP) != 0, flags & CInt(IFF_LOOPBACK) == 0,
            let address = entry.pointee.ifa_addr, let text = text(address)
        else { return nil }
        let name = String(cString: entry.pointee.ifa_name)
        let speed = SystemFile.read("/sys/class/net/\(name)/speed")?.prefix { $0.isNumber } ?? ""
        return speed.isEmpty ? "\(name) \(text)" : "\(name) \(text) \(speed)"
    }

    private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
        let family = CInt(address.pointee.sa_family)
        let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        guard family == AF_INET || family == AF_INET6 else { return nil }
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard getnameinfo(address, socklen_t(size), &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        let text = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.hasPrefix("fe80:") || text.hasPrefix("169.254.") ? nil : text
    }
}
