#if os(Linux)
    import Glibc
#endif

/// Why a folder cannot be watched.
enum WatchFailure: Error, Hashable, Sendable {
    /// There is no folder.
    case missing
    /// There is one that may not be read, or that cannot be watched for another reason of its own.
    case unreadable
    /// The system gives no more watches, or has none here.
    case refused
}

/// The kernel's queue of events of watched folders (inotify(7)).
///
/// On systems without it none can be made.
final class Inotify: Sendable {
    /// Becomes readable when there are events.
    let descriptor: Int32

    /// Opens a queue; `nil` when the system has none to give.
    init?() {
        #if os(Linux)
            descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
            guard descriptor >= 0 else { return nil }
        #else
            return nil
        #endif
    }

    #if os(Linux)
        deinit {
            close(descriptor)
        }

        /// Watches a folder and answers the number of the watch, the same for the same folder.
        ///
        /// A link is not followed.
        func watch(_ path: String) throws(WatchFailure) -> Int32 {
            let mask = UInt32(WatchEvent.mask | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)
            let watch = inotify_add_watch(descriptor, path, mask)
            guard watch < 0 else { return watch }
            switch errno {
            case ENOSPC, ENOMEM: throw .refused
            case ENOENT, ENOTDIR: throw .missing
            default: throw .unreadable
            }
        }

        /// Watches an open folder for what happens next in it or to it, and answers the number of the watch, the same for
        /// the same folder; `nil` when it cannot be watched.
        ///
        /// What happens after that is not told.
        func watchOnce(_ folder: Int32) -> Int32? {
            let mask = UInt32(WatchEvent.mask | IN_ONLYDIR) | UInt32(IN_ONESHOT)
            // This name is that folder, wherever its path leads by now.
            let watch = inotify_add_watch(descriptor, "/proc/self/fd/\(folder)", mask)
            return watch < 0 ? nil : watch
        }

        /// Ends a watch; one that has ended already is no fault.
        func end(_ watch: Int32) { _ = inotify_rm_watch(descriptor, watch) }

        /// Takes the oldest events that are there without waiting for any; none when there are none.
        func read(into buffer: inout [UInt8]) -> [WatchEvent] {
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count > 0 {
                    return buffer.withUnsafeBytes { WatchEvent.parse(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                }
                guard count < 0, errno == EINTR else { return [] }
            }
        }
    #else
        func watch(_ path: String) throws(WatchFailure) -> Int32 { throw .refused }
        func watchOnce(_ folder: Int32) -> Int32? { nil }
        func end(_ watch: Int32) {}
        func read(into buffer: inout [UInt8]) -> [WatchEvent] { [] }
    #endif
}
