import ArgumentParser

/// Origins and hosts as people list them, with commas.
enum SiteNames {
    /// Origins as browsers write them: `https://example.org`, in lower case and without a slash at the end.
    static func origins(_ text: String) throws -> [String] {
        try names(text).map { name in
            if name == "*" || name == "null" { return name }
            let origin = name.lowercased()
            let rest = origin.firstRange(of: "://").map { origin[$0.upperBound...] } ?? ""
            let site = rest.hasSuffix("/") ? rest.dropLast() : rest
            guard !site.isEmpty, !site.contains("/") else {
                throw ValidationError(
                    "--cors-origin wants an origin such as https://example.org, or *, and has '\(name)'.")
            }
            return String(origin[..<site.endIndex])
        }
    }

    static func hosts(_ text: String) throws -> [String] {
        try names(text).map { name in
            guard !name.contains("/") else {
                throw ValidationError("--allowed-host wants a name such as llm.example.org, or *, and has '\(name)'.")
            }
            return name.lowercased()
        }
    }

    private static func names(_ text: String) -> [String] {
        text.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }
}
