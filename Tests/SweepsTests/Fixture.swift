import Foundation
import TestSupport

@testable import Sweeps

/// What `bench` printed for the points of a sweep, in `Tests/Fixtures/sweep`; its predictions are made up.
enum Fixture {
    static let folder = TestFiles.fixture("sweep")

    /// What `bench --json` prints for some sequences on one rank; the figures mean nothing.
    static func bench(sequences: Int) -> String {
        """
        {"machine":{"cores":2,"float_gigaops_per_second_per_core":100,"host":"h","instruction_set":"avx2",\
        "integer_gigaops_per_second_per_core":400,"processor":"p","read_gigabytes_per_second":20},"results":[{\
        "arithmetic_peak_share":0.5,"decode_spread":[9,11],"decode_tokens_per_second":10,"itl_seconds":{"p50":0.1,\
        "p95":0.2,"p99":0.3},"partition":[3],"predicted":null,"prefill_gigaops_per_second_per_core":200,\
        "prefill_spread":[99,101],"prefill_tokens_per_second":100,"ranks":1,"read_bandwidth_share":0.5,\
        "sequences":\(sequences),"stages":[{"compute_seconds":1,"host":"h","layers":[0,3],"rank":0,"send_seconds":0,\
        "wait_seconds":0}],"threads":1,"ttft_seconds":0.2,"weight_gigabytes_per_second":10}]}
        """
    }
}
