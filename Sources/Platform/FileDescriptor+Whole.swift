import Glibc
import SystemPackage

extension FileDescriptor {
    /// Writes all of `bytes`, however many calls that takes: a signal does not end it, and where a pipe that someone made
    /// non-blocking is full, it sleeps until there is room.
    public func writeWhole(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(Errno) {
                rest = rest.dropFirst(try Errno.catching { try write(UnsafeRawBufferPointer(rebasing: rest)) })
            } catch {
                guard error == .resourceTemporarilyUnavailable else { throw error }
                wait(for: POLLOUT)
            }
        }
    }

    public func writeWhole(_ bytes: [UInt8]) throws(Errno) {
        try bytes.withUnsafeBufferPointer { bytes throws(Errno) in try writeWhole(UnsafeRawBufferPointer(bytes)) }
    }

    /// Reads some bytes into `buffer`; where a pipe that someone made non-blocking has none, sleeps until it has.
    ///
    /// - Returns: How many; 0 at the end.
    public func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        while true {
            do throws(Errno) {
                return try Errno.catching { try read(into: buffer) }
            } catch {
                guard error == .resourceTemporarilyUnavailable else { throw error }
                wait(for: POLLIN)
            }
        }
    }

    /// All that the descriptor still gives.
    public func readWhole() throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = try readSome(into: buffer)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    private func wait(for event: CInt) {
        var wish = pollfd(fd: rawValue, events: Int16(event), revents: 0)
        poll(&wish, 1, -1)
    }
}

extension FilePath {
    /// All of the file, pipe or device at this path.
    public func contents() throws(Errno) -> [UInt8] {
        let descriptor = try Errno.catching { try FileDescriptor.open(self, .readOnly, options: .closeOnExec) }
        defer { try? descriptor.close() }
        return try descriptor.readWhole()
    }
}
