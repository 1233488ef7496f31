import Engine

/// How the weights got into memory, as `--json` tells it.
struct LoadingReport: Encodable {
    let bytes: Int
    let seconds: Double
    let gigabytesPerSecond: Double

    init(_ loading: Loading) {
        bytes = loading.byteCount
        seconds = loading.seconds
        gigabytesPerSecond = loading.rate * 1e-9
    }
}
