/// Numbers of bytes as people read them.
extension Int {
    /// In MiB, to the nearest.
    public var mebibytes: String { Double(self).mebibytes }

    /// In the binary unit that suits it, with one decimal place.
    public var byteText: String {
        guard self >= 1024 else { return "\(self) bytes" }
        var (value, units) = (Double(self) / 1024, ["KiB", "MiB", "GiB", "TiB"][...])
        while value >= 1024, units.count > 1 {
            value /= 1024
            units.removeFirst()
        }
        return "\(value.decimal(1)) \(units.first!)"
    }
}

extension Double {
    /// Bytes in MiB, to the nearest.
    public var mebibytes: String { "\((self / 0x1p20).decimal(0)) MiB" }

    /// Bytes in GiB, with one decimal place; in MiB where it is less than one.
    public var gibibytes: String {
        (self / 0x1p30 * 10).rounded() < 10 ? mebibytes : "\((self / 0x1p30).decimal(1)) GiB"
    }
}
