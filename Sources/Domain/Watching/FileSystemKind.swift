#if os(Linux)
    import CGlibc
#endif

/// Which file systems tell of changes.
enum FileSystemKind {
    /// The magic numbers of file systems that others may change without this machine hearing of it (statfs(2)):
    /// FUSE, NFS, SMB (three), 9P, Ceph, AFS (two), Coda, NCP, OCFS2, GFS2, Lustre, VirtualBox, VMware.
    static let remote: Set<UInt32> = [
        0x6573_5546, 0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x0102_1997, 0x00C3_6400, 0x5346_414F, 0x6B41_4653,
        0x7375_7245, 0x564C, 0x7461_636F, 0x0116_1970, 0x0BD0_0BD0, 0x786F_4256, 0xBACB_ACBC,
    ]

    /// The magic numbers of file systems of this machine alone, each of whose files lies where its name says: ext2 to
    /// ext4, XFS, Btrfs, F2FS, ZFS, tmpfs.
    private static let local: Set<UInt32> = [
        0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0x2FC1_2FC1, 0x0102_1994,
    ]

    /// Whether inotify is known to tell of all changes in an open folder: not where it is only not known that it does not,
    /// as of a file system of several layers, whose lower ones may change by themselves.
    static func tellsAll(_ folder: Int32) -> Bool {
        #if os(Linux)
            var status = statfs()
            guard fstatfs(folder, &status) == 0 else { return false }
            return local.contains(UInt32(truncatingIfNeeded: status.f_type))
        #else
            return false
        #endif
    }

    /// Whether all changes of the file system at `path` are told by inotify; so it is when it cannot be asked.
    static func tellsChanges(_ path: String) -> Bool {
        #if os(Linux)
            var status = statfs()
            guard statfs(path, &status) == 0 else { return true }
            return !remote.contains(UInt32(truncatingIfNeeded: status.f_type))
        #else
            return false
        #endif
    }
}
