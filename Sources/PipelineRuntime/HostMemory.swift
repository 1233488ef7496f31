import Glibc

/// How much memory this host has left.
public enum HostMemory {
    /// Bytes that can be used without swapping, as the kernel estimates them, and no more than a container allows; nil
    /// where neither is told.
    public static var available: Int? {
        let limits = [kernelEstimate, containerRest].compactMap { $0 }
        return limits.min()
    }

    private static var kernelEstimate: Int? {
        guard let text = read("/proc/meminfo") else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// Control groups, version 2.
    private static var containerRest: Int? {
        guard let limit = number("/sys/fs/cgroup/memory.max"), let used = number("/sys/fs/cgroup/memory.current") else {
            return nil
        }
        return max(0, limit - used)
    }

    private static func number(_ path: String) -> Int? {
        read(path).flatMap { Int($0.prefix { $0.isNumber }) }
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
