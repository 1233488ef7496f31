import CKernels

/// Takes memory out of the processor's caches, for measurements of reads from memory itself. Where a processor does not
/// let programs do that, nothing happens.
public enum Eviction {
    public static func evict(_ bytes: UnsafeRawBufferPointer) {
        if let start = bytes.baseAddress { sk_evict(start, bytes.count) }
    }
}
