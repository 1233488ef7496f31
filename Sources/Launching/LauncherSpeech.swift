/// What a launcher says, told from what its ranks say: both come on one stream.
///
/// It is kept until the session has ended: mostly a rank has said better what went wrong. What ranks say passes at once.
struct LauncherSpeech {
    private let family: LauncherFamily
    /// Whether somebody asked it to talk: then its lines pass.
    private let isAskedToTalk: Bool
    private var messages: [String] = []
    private var remarks: [String] = []
    /// What came of the present line, or of what a carriage return began, and has not passed.
    private var segment: [UInt8] = []
    /// Whether the segment's beginning has passed, and the rest will.
    private var isOthers = false
    /// The lines of a message between rules; nil outside of one.
    private var message: [String]?
    private var followsRemark = false
    private var followsReturn = false
    /// Whether a progress bar stands on the present line.
    private var barStands = false
    /// Whether what passed last was no end of a line, nor left it empty.
    private var isOpen = false

    init(_ family: LauncherFamily, isAskedToTalk: Bool = false) {
        self.family = family
        self.isAskedToTalk = isAskedToTalk
    }

    /// What follows from all of it.
    var said: LauncherSaid {
        var said = family.said(messages, remarks)
        said.isLineOpen = isOpen
        return said
    }

    /// Longer is no launcher's message, and more of them are not kept.
    private static let mostLines = 200
    private static let mark = Array("stagecoach: ".utf8)
    private static let clearing = Array("\r\u{1B}[2K".utf8)

    /// Takes what came.
    ///
    /// - Returns: What passes.
    mutating func take(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var passed: [UInt8] = []
        // What the launcher says begins a line, also beside a prompt or a bar, which have no end of their own.
        if family.isOwn(Array(bytes.prefix { $0 != UInt8(ascii: "\n") })) == true { isOthers = false }
        for byte in bytes {
            segment.append(byte)
            switch byte {
            case UInt8(ascii: "\n"): endLine(&passed)
            case UInt8(ascii: "\r"):
                pass(&passed)
                (isOthers, followsReturn, barStands) = (false, true, false)
            default: break
            }
        }
        if message == nil, isOthers || family.isOwn(segment) == false { pass(&passed) }
        return passed
    }

    /// Nothing more comes.
    ///
    /// - Returns: What passes.
    mutating func finish() -> [UInt8] {
        var passed: [UInt8] = []
        releaseMessage(&passed)
        if !segment.isEmpty { pass(&passed) }
        guard barStands else { return passed }
        isOpen = false
        return passed + Self.clearing
    }

    private mutating func endLine(_ passed: inout [UInt8]) {
        let line = String(decoding: segment.dropLast(), as: UTF8.self)
        if let others = partBeforeRule, message == nil || others.isEmpty {
            segment = others
            if !others.isEmpty { pass(&passed) }
            if let message, messages.count < Self.mostLines { messages.append(message.joined(separator: "\n")) }
            message = message == nil ? [] : nil
            (segment, isOthers) = ([], false)
        } else if isOthers {
            pass(&passed)
        } else if message != nil {
            message?.append(line)
            segment = []
            if message?.count == Self.mostLines { releaseMessage(&passed) }
        } else if !isAskedToTalk, family.isOwn(segment) == true {
            remarks.append(line)
            if remarks.count > Self.mostLines { remarks.removeFirst() }
            segment = []
        } else if line.isEmpty, followsRemark {
            segment = []
        } else {
            pass(&passed)
        }
        followsRemark = !isOthers
        // What is kept leaves a bar where it is.
        if isOthers { (followsReturn, barStands) = (false, false) }
        isOthers = false
    }

    /// What stands before a rule that ends the line: a prompt or a bar has no end of its own; nil where there is no rule.
    private var partBeforeRule: [UInt8]? {
        guard let rule = family.rule?.utf8, segment.dropLast().suffix(rule.count).elementsEqual(rule) else {
            return nil
        }
        let part = Array(segment.dropLast(rule.count + 1))
        return part.last == rule.last ? nil : part
    }

    /// Where a rule stood alone, what followed it was others'.
    private mutating func releaseMessage(_ passed: inout [UInt8]) {
        for line in message ?? [] { passed += Array("\(line)\n".utf8) }
        message = nil
    }

    private mutating func pass(_ passed: inout [UInt8]) {
        if let last = segment.last { isOpen = last != UInt8(ascii: "\n") && last != UInt8(ascii: "\r") }
        if followsReturn {
            let bar = segment.starts(with: Self.clearing.dropFirst()) ? segment.dropFirst(4) : segment[...]
            if let start = bar.firstRange(of: Self.mark)?.lowerBound, barStands || start > bar.startIndex {
                segment.insert(contentsOf: Self.clearing, at: start)
            }
            barStands = barStands || !bar.isEmpty
            isOpen = isOpen && barStands
        }
        passed += segment
        isOthers = true
        segment = []
    }
}
