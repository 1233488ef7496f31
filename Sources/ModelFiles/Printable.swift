/// Bytes from a file as text for an error message: printable ASCII, at most 64 characters.
func printable(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for (index, byte) in bytes.enumerated() {
        if index == 64 { return text + "..." }
        text.unicodeScalars.append((0x20...0x7E).contains(byte) ? Unicode.Scalar(byte) : "?")
    }
    return text
}

func printable(_ text: String) -> String { printable(text.utf8) }
