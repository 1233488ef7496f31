import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Reads XML and remembers what elements it has; nil where it is not well-formed.
final class XMLCheck: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var text = ""

    init?(_ source: String) {
        super.init()
        let parser = XMLParser(data: Data(source.utf8))
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    func count(_ name: String, class wanted: String? = nil) -> Int {
        elements.count { element in
            element.name == name
                && wanted.map { element.attributes["class", default: ""].split(separator: " ").contains(Substring($0)) }
                    ?? true
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) { elements.append((name, attributes)) }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
