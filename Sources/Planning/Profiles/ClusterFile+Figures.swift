extension ClusterFile {
    /// Hosts and links that are all alike, from figures such as `read=20,gigaops=400,memory=32,gbit=1,delay=50`.
    ///
    /// `cores`; `memory` in GiB; `read` in GB/s; `gigaops` and `float-gigaops` for integer and float weights; `gbit` in
    /// Gbit/s and `delay` in microseconds for every link.
    public init(figures text: String) throws(ClusterFileError) {
        var host = Host(host: "*")
        var link = Link()
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard words.count == 2, let value = Double(words[1]) else {
                throw .malformed(path: text, reason: "\"\(part)\" is no figure; write them like read=20,gigaops=400")
            }
            switch words[0] {
            case "cores": host.cores = Int(exactly: value) ?? 0
            case "memory": host.memoryGib = value
            case "read": host.readGigabytesPerSecond = value
            case "gigaops": host.gigaopsPerSecond = value
            case "float-gigaops": host.floatGigaopsPerSecond = value
            case "gbit": link.gigabitsPerSecond = value
            case "delay": link.delayMicroseconds = value
            default:
                throw .malformed(
                    path: text,
                    reason: "\"\(words[0])\" is none of cores, memory, read, gigaops, float-gigaops, gbit and delay")
            }
        }
        self.init(hosts: [host], links: [link])
        try check(text)
    }
}
