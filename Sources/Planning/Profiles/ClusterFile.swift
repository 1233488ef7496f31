import FoundationEssentials

/// A file that says what hosts and links can do, in JSON.
///
/// `hosts` has one entry a host, in the order of the ranks where no hostfile gives another; the entry of host `*` fills
/// in what others leave out. A link without `from` and `to` stands for all that no other link names.
///
///     {"hosts": [{"host": "*", "cores": 8, "memory_gib": 32, "read_gigabytes_per_second": 20, "gigaops_per_second": 400},
///                {"host": "node2", "read_gigabytes_per_second": 10}],
///      "links": [{"delay_microseconds": 50, "gigabits_per_second": 1}]}
public struct ClusterFile: Sendable, Equatable, Codable {
    /// What is known of a host; what is not is taken from `*`, then from what the caller assumes.
    public struct Host: Sendable, Equatable, Codable {
        public var host: String
        /// Ranks there; 1 where it is left out.
        public var ranks: Int?
        /// Threads that compute.
        public var cores: Int?
        /// For weights, keys and values.
        public var memoryGib: Double?
        public var readGigabytesPerSecond: Double?
        /// Two for a product and its addition, as a product of matrices with integer weights attains.
        public var gigaopsPerSecond: Double?
        /// The same with float weights; a fourth where it is left out.
        public var floatGigaopsPerSecond: Double?
        /// What was measured beyond that: such figures are not written by hand.
        public var measured: HostProfile?
        /// The same while all ranks of a run compute, where that was measured too.
        public var crowded: HostProfile?
        /// Under what it was measured, where it is kept for other starts.
        public var conditions: HostConditions?
        /// When, in seconds since 1970.
        public var measuredAt: Int?

        public init(host: String) { self.host = host }
    }

    public struct Link: Sendable, Equatable, Codable {
        public var from: String?
        public var to: String?
        public var delayMicroseconds: Double?
        public var gigabitsPerSecond: Double?
        /// Under what the link was measured, where that is kept for other starts.
        public var conditions: LinkConditions?
        /// When, in seconds since 1970.
        public var measuredAt: Int?

        public init() {}
    }

    public var hosts: [Host]
    public var links: [Link]?

    public init(hosts: [Host], links: [Link]? = nil) {
        self.hosts = hosts
        self.links = links
    }

    /// - Parameter path: for messages.
    public init(json bytes: some Sequence<UInt8>, path: String) throws(ClusterFileError) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            self = try decoder.decode(ClusterFile.self, from: Data(bytes))
        } catch let DecodingError.dataCorrupted(context) {
            throw .malformed(
                path: path, reason: context.codingPath.isEmpty ? "it is no JSON" : context.debugDescription)
        } catch let DecodingError.keyNotFound(key, context) {
            throw .malformed(path: path, reason: "\(Self.place(context.codingPath)) has no \"\(key.stringValue)\"")
        } catch let DecodingError.typeMismatch(_, context) {
            throw .malformed(path: path, reason: "\(Self.place(context.codingPath)) is of the wrong kind")
        } catch let DecodingError.valueNotFound(_, context) {
            throw .malformed(path: path, reason: "\(Self.place(context.codingPath)) is null")
        } catch {
            throw .malformed(path: path, reason: "it is no JSON")
        }
        try check(path)
    }

    private static func place(_ keys: [any CodingKey]) -> String {
        keys.isEmpty
            ? "the file" : keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: " ")
    }

    func check(_ path: String) throws(ClusterFileError) {
        guard !hosts.isEmpty else { throw .malformed(path: path, reason: "it names no host; add one to \"hosts\"") }
        for host in hosts {
            let rates = [
                host.memoryGib, host.readGigabytesPerSecond, host.gigaopsPerSecond, host.floatGigaopsPerSecond,
            ].compactMap { $0 }
            guard rates.allSatisfy(Self.figures.contains) else {
                throw .malformed(path: path, reason: "a figure of host \(host.host) is not between 0.000001 and 1e9")
            }
            guard (1...4096).contains(host.cores ?? 1), (1...4096).contains(host.ranks ?? 1) else {
                throw .malformed(path: path, reason: "host \(host.host) wants cores and ranks from 1 to 4096")
            }
            guard host.measured?.isPlausible ?? true, host.crowded?.isPlausible ?? true else {
                throw .malformed(
                    path: path, reason: "what was measured of host \(host.host) cannot be; measure it again")
            }
        }
        for link in links ?? [] {
            guard (0...1e9).contains(link.delayMicroseconds ?? 0), Self.figures.contains(link.gigabitsPerSecond ?? 1)
            else {
                throw .malformed(
                    path: path, reason: "a link's delay is not from 0 to 1e9 or its bandwidth not from 0.000001")
            }
        }
    }

    /// Figures beyond these are mistakes, and sums of their times would mean nothing.
    private static let figures = 1e-6...1e9
}
