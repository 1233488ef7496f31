/// How much memory a probe fills: never so much that it is what a limit ends.
enum ProbedMemory {
    private static let least = 1 << 24

    /// As many bytes as are wanted, at most a quarter of what there is; a power of two.
    static func bytes(_ wanted: Int, of available: Int?) -> Int {
        guard let available else { return wanted }
        var bytes = wanted
        while bytes > max(least, available / 4) { bytes /= 2 }
        return bytes
    }
}
