/// How much memory this host has left.
public enum HostMemory {
    /// Bytes that can be used without swapping, as the kernel estimates them, and no more than a container allows; nil
    /// where neither is told.
    public static var available: Int? {
        let limits = [kernelEstimate, containerRest].compactMap { $0 }
        return limits.min()
    }

    private static var kernelEstimate: Int? {
        guard let text = SystemFile.read("/proc/meminfo") else { return nil }
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
        SystemFile.read(path).flatMap { Int($0.prefix { $0.isNumber }) }
    }
}
