#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension stat {
    /// When the file was last changed, in nanoseconds since 1970.
    ///
    /// Times outside of the years 1678 to 2262 wrap around; they only need to differ when the file does.
    var modified: Int {
        #if canImport(Glibc)
            let time = st_mtim
        #else
            let time = st_mtimespec
        #endif
        return Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
    }
}
