extension [UInt8] {
    /// Whether this is the text of a byte's token, such as `<0x0A>`.
    var namesByte: Bool {
        count == 6 && starts(with: "<0x".utf8) && self[5] == UInt8(ascii: ">")
            && UInt8(String(decoding: self[3...4], as: UTF8.self), radix: 16) != nil
    }
}
