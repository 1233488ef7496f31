import FoundationEssentials

/// Values as lines of JSON.
public enum JSONLine {
    /// `value` without a newline.
    public static func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder.forReports.encode(value), as: UTF8.self)
    }

    /// `value` and a newline.
    public static func bytes(_ value: some Encodable) throws -> [UInt8] {
        try [UInt8](JSONEncoder.forReports.encode(value)) + [UInt8(ascii: "\n")]
    }
}
