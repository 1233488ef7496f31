/// The files of a model that `llama-gguf-split` cut: `name-00001-of-00003.gguf` and its siblings, the metadata in the first.
enum GGUFParts {
    /// The file, or all parts where it is one of several, in their order.
    static func all(of given: GGUFFile) throws(ModelFileError) -> [GGUFFile] {
        let path = given.path
        guard let count = given["split.count"]?.integer, count > 1 else { return [given] }
        guard let name = SplitName(path), name.count == count else {
            throw ModelFileError(path: path, problem: .splitFile(parts: count))
        }
        var parts: [GGUFFile] = []
        for number in 1...count {
            let part = number == name.number ? given : try GGUFFile(path: name.path(of: number))
            guard part["split.no"]?.integer == number - 1, part["split.count"]?.integer == count else {
                throw ModelFileError(path: part.path, problem: .foreignPart(number: number, parts: count))
            }
            parts.append(part)
        }
        return parts
    }
}
