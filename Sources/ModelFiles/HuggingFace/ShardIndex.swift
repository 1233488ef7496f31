/// Which safetensors files a folder's model is in: `model.safetensors`, or those that its index names.
enum ShardIndex {
    static let single = "model.safetensors"
    static let index = "model.safetensors.index.json"

    /// More files than any model has.
    private static let mostFiles = 10_000

    /// The files' names in the order of their names, all inside the folder.
    static func fileNames(in folder: String) throws(ModelFileError) -> [String] {
        guard let settings = try HuggingFaceSettings(index, in: folder) else { return [single] }
        do { return try fileNames(settings) } catch { throw ModelFileError(path: "\(folder)/\(index)", problem: error) }
    }

    private static func fileNames(_ settings: HuggingFaceSettings) throws(ModelFileProblem) -> [String] {
        guard let map = settings["weight_map"]?.object?.members else { throw .missingSetting("weight_map") }
        var names: Set<String> = []
        for member in map {
            guard let name = member.value.bytes, !name.isEmpty, name.count <= 255, name[0] != UInt8(ascii: "."),
                name.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "/") })
            else { throw .invalidSetting("weight_map", reason: "holds something that is no plain file name") }
            names.insert(String(decoding: name, as: UTF8.self))
        }
        guard (1...mostFiles).contains(names.count) else {
            throw .invalidSetting("weight_map", reason: "names \(names.count) files")
        }
        return names.sorted()
    }
}
