/// Guesses what a file is that is no GGUF, so that the error can say what to do.
enum ForeignFormat {
    static func describe(_ bytes: UnsafeRawBufferPointer) -> String {
        if bytes.isEmpty { return "the file is empty, download it again" }
        if starts(bytes, "version https://git-lfs") {
            return "it is a Git LFS pointer to the model, fetch the model itself with 'git lfs pull'"
        }
        if starts(bytes, "<") { return "it looks like a web page, download the model again" }
        if starts(bytes, "lmgg") || starts(bytes, "fmgg") || starts(bytes, "tjgg") || starts(bytes, "algg") {
            return "it is an old GGML file from before GGUF, convert the model again"
        }
        if starts(bytes, "PK") { return "it looks like a PyTorch checkpoint or a zip archive, convert it to GGUF" }
        if bytes.count > 9, bytes[8] == UInt8(ascii: "{") { return "it looks like safetensors, convert it to GGUF" }
        return "it starts with '\(printable(bytes.prefix(4)))' instead of 'GGUF'"
    }

    private static func starts(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        bytes.starts(with: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
