import Dispatch
import Domain

#if canImport(Glibc)
    import CGlibc
#endif

/// Gives memory that is free back to the system after work that needed much of it.
///
/// Decoders and the store take and free large blocks on many threads; the C library would keep what they leave.
enum MemoryTrim {
    /// How many arenas threads share; each keeps free memory of its own.
    private static let arenas: Int32 = 2

    /// Sets the bounds of the C library's memory; once, before threads are started.
    static func prepare() {
        #if canImport(Glibc)
            // M_ARENA_MAX and M_MMAP_THRESHOLD (mallopt(3)): larger blocks go back as soon as they are freed.
            _ = mallopt(-8, arenas)
            _ = mallopt(-3, 256 * 1024)
        #endif
    }

    /// Trims whenever a scan has ended or thumbnails have been made.
    static func follow(_ journal: Journal) {
        #if canImport(Glibc)
            let queue = DispatchQueue(label: "memory.trim", qos: .background)
            journal.listen { entry in
                guard case .taskFinished(let record) = entry.event, record.name == "scan" || record.name == "thumbnails"
                else { return }
                queue.async { _ = malloc_trim(0) }
            }
        #endif
    }
}
