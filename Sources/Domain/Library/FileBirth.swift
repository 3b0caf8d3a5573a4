#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// When files came to be.
///
/// A file that is written to keeps the time; another one that gets its inode has a later one.
enum FileBirth {
    /// Milliseconds since 1970, rounded up; `nil` when the file system does not say, or has perhaps another clock than
    /// this machine.
    static func milliseconds(_ path: String) -> Milliseconds? {
        #if canImport(Glibc)
            guard FileSystemKind.tellsChanges(path) else { return nil }
            var status = statx()
            guard statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, UInt32(CGLIBC_STATX_WANTED), &status) == 0,
                status.stx_mask & UInt32(STATX_BTIME) != 0, status.stx_btime.tv_sec > 0
            else { return nil }
            return Int(status.stx_btime.tv_sec) * 1000 + Int(status.stx_btime.tv_nsec) / 1_000_000 + 1
        #else
            return nil
        #endif
    }
}
