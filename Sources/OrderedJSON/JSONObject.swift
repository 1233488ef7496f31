/// A JSON object's members in their order, each name once. Looking one up goes through them.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    public struct Member: Sendable, Equatable {
        public let key: String
        public var value: JSONValue

        public static func == (a: Member, b: Member) -> Bool { a.key.hasBytes(of: b.key) && a.value == b.value }
    }

    public private(set) var members: [Member] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (key, value) in elements { self[key] = value }
    }

    /// Of members with the same name the last one counts, at the first one's place, as in Python.
    init(_ members: [Member]) {
        guard Self.repeated(in: members) != nil else {
            self.members = members
            return
        }
        var places: [Name: Int] = [:]
        for member in members {
            if let place = places[Name(member.key)] {
                self.members[place].value = member.value
            } else {
                places[Name(member.key)] = self.members.count
                self.members.append(member)
            }
        }
    }

    /// A name that more than one of `members` have.
    static func repeated(in members: [Member]) -> String? {
        guard members.count > 1 else { return nil }
        var names: Set<Name> = []
        names.reserveCapacity(members.count)
        return members.first { !names.insert(Name($0.key)).inserted }?.key
    }

    public subscript(key: String) -> JSONValue? {
        get { members.first { $0.key.hasBytes(of: key) }?.value }
        set {
            let place = members.firstIndex { $0.key.hasBytes(of: key) }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }
}

/// A name by its bytes; `String`'s own hash would take different ones for the same.
private struct Name: Hashable {
    private let text: String

    init(_ text: String) { self.text = text }

    static func == (a: Name, b: Name) -> Bool { a.text.hasBytes(of: b.text) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
