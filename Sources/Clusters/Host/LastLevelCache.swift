/// The cache in front of memory.
public enum LastLevelCache {
    /// Bytes of all last-level caches of this host together, as the kernel tells them; nil where it tells nothing of a third
    /// level.
    public static var byteCount: Int? {
        var sizes: [String: Int] = [:]
        for processor in 0... {
            let folder = "/sys/devices/system/cpu/cpu\(processor)/cache/index3"
            // Processors with the same list share a cache.
            guard let size = SystemFile.read(folder + "/size").flatMap(bytes),
                let sharers = SystemFile.read(folder + "/shared_cpu_list")
            else { break }
            sizes[sharers] = size
        }
        return sizes.isEmpty ? nil : sizes.values.reduce(0, +)
    }

    /// Bytes of a size such as `32768K`.
    private static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isNumber }
        return Int(digits).map { text.dropFirst(digits.count).hasPrefix("M") ? $0 << 20 : $0 << 10 }
    }
}
