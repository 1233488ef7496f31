/// How much memory this host has left.
enum HostMemory {
    /// Bytes that can be used without swapping, as the kernel estimates them; nil where it does not.
    static func kernelEstimate(root: String = "") -> Int? {
        guard let text = SystemFile.read(root + "/proc/meminfo") else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
}
