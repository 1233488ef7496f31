/// What ranks tell each other in a roll call.
enum RollCallMessage: Equatable {
    /// I am well.
    case sign
    /// To rank 0: this rank's part of an exchange.
    case part([UInt8])
    /// From rank 0: all ranks' parts.
    case whole([UInt8])
    /// To rank 0: the run has to end, and this is why. From rank 0: the run ends, and it says why.
    case failure(String)
    /// From rank 0: the run was asked to end.
    case end
    /// This rank leaves, and its next message is none.
    case farewell

    private var code: UInt8 {
        switch self {
        case .sign: 1
        case .part: 2
        case .whole: 3
        case .failure: 4
        case .end: 5
        case .farewell: 6
        }
    }

    var encoded: [UInt8] {
        switch self {
        case .part(let bytes), .whole(let bytes): [code] + bytes
        case .failure(let text): [code] + Array(text.utf8)
        case .sign, .end, .farewell: [code]
        }
    }

    /// nil for bytes that no rank of this build sends.
    init?(decoding bytes: [UInt8]) {
        let rest = Array(bytes.dropFirst())
        switch bytes.first {
        case 1: self = .sign
        case 2: self = .part(rest)
        case 3: self = .whole(rest)
        case 4: self = .failure(String(decoding: rest, as: UTF8.self))
        case 5: self = .end
        case 6: self = .farewell
        default: return nil
        }
    }
}

extension [[UInt8]] {
    /// The byte strings as one: their lengths, then their bytes.
    var joinedWithLengths: [UInt8] {
        flatMap { Swift.withUnsafeBytes(of: UInt64($0.count).littleEndian, Array<UInt8>.init) } + joined()
    }

    /// Takes `count` byte strings apart again; nil where `bytes` are not that.
    init?(_ count: Int, joined bytes: [UInt8]) {
        let stride = MemoryLayout<UInt64>.stride
        guard bytes.count >= count * stride else { return nil }
        self = []
        var start = count * stride
        for index in 0..<count {
            let length = bytes.withUnsafeBytes {
                UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: index * stride, as: UInt64.self))
            }
            guard length <= UInt64(bytes.count - start) else { return nil }
            append([UInt8](bytes[start..<start + Int(length)]))
            start += Int(length)
        }
    }
}
