import SystemPackage

extension FileDescriptor {
    /// All that the file, pipe or device at `path` holds.
    static func readAll(_ path: String) throws -> [UInt8] {
        let descriptor = try open(path, .readOnly, options: .closeOnExec)
        return try descriptor.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 14)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                if count == 0 { return bytes }
                bytes += buffer[..<count]
            }
        }
    }
}
