import OrderedJSON
import Tensors

/// The chat templates of a Hugging Face folder: files of their own, or else what its settings have under `chat_template`, one
/// template or several with names. Where there are files, the settings' templates do not count, as in `transformers`.
struct HuggingFaceTemplates {
    private let folder: String

    private static let file = "chat_template.jinja"
    private static let moreFiles = "additional_chat_templates"
    private static let settingsFiles = ["tokenizer_config.json", "chat_template.json"]
    private static let longest = 1 << 20

    init(folder: String) { self.folder = folder }

    /// The template for conversations that ask for no other.
    var standard: String? {
        if hasFiles { return text(Self.file) ?? self["default"] }
        return settings.lazy.compactMap { $0.string ?? Self.template("default", of: $0) }.first
    }

    /// The template for a purpose, such as `tool_use`.
    subscript(name: String) -> String? {
        if hasFiles { return text("\(Self.moreFiles)/\(name).jinja") }
        return settings.lazy.compactMap { Self.template(name, of: $0) }.first
    }

    private var hasFiles: Bool {
        [Self.file, Self.moreFiles].contains { FileStatus.exists("\(folder)/\($0)") }
    }

    /// A file of the folder; nil where there is none, or no template.
    private func text(_ name: String) -> String? {
        guard let file = try? RandomAccessFile(path: "\(folder)/\(name)"), file.byteCount <= Self.longest,
            let bytes = try? file.bytes(0..<file.byteCount)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private var settings: [JSONValue] {
        Self.settingsFiles.compactMap { (try? HuggingFaceSettings($0, in: folder))?["chat_template"] }
    }

    private static func template(_ name: String, of setting: JSONValue) -> String? {
        setting.array?.first { $0["name"]?.string == name }?["template"]?.string
    }
}
