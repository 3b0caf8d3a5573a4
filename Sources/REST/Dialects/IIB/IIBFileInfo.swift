import Domain

/// An entry of a folder, as the dialect tells of it (contracts/iib.md §1, FileInfo).
struct IIBFileInfo: Hashable, Sendable {
    var name: String
    /// The absolute path, links resolved.
    var path: String
    /// Bytes of a file; `nil` for a folder.
    var bytes: Int?
    /// When it was last modified, in seconds since 1970.
    var modified: Int
    /// When it was made, or, where the system does not know that, last changed in any way; in seconds since 1970.
    var created: Int
    /// Whether it lies in a folder of the library.
    var isInLibrary: Bool
}

extension IIBFileInfo {
    /// What is known of an entry.
    init(_ info: FileInfo) {
        self.init(
            name: info.name,
            path: info.path,
            bytes: info.size,
            modified: info.modified,
            created: info.created,
            isInLibrary: info.isInLibrary
        )
    }
}

extension JSONWriter {
    /// Writes `{type, date, size, name, bytes?, created_time, fullpath, is_under_scanned_path}`.
    mutating func value(_ info: IIBFileInfo, _ time: inout LocalTimeWriter) {
        object {
            $0.field("type", info.bytes == nil ? "dir" : "file")
            $0.name("date")
            $0.value(encoded: time.json(info.modified))
            $0.field("size", info.bytes.map(IIBSize.text) ?? "-")
            $0.field("name", info.name)
            $0.field("bytes", info.bytes)
            $0.name("created_time")
            $0.value(encoded: time.json(info.created))
            $0.field("fullpath", info.path)
            $0.field("is_under_scanned_path", info.isInLibrary)
        }
    }

    /// Writes an indexed file: `{type, id, date, created_date, size, is_under_scanned_path, bytes, name, fullpath}`.
    mutating func value(_ media: IndexedMedia, _ time: inout LocalTimeWriter) {
        object {
            $0.field("type", "file")
            $0.field("id", media.id)
            let date = time.json(media.date)
            $0.name("date")
            $0.value(encoded: date)
            $0.name("created_date")
            $0.value(encoded: date)
            $0.field("size", IIBSize.text(media.size))
            $0.field("is_under_scanned_path", true)
            $0.field("bytes", media.size)
            $0.field("name", String(IIBPath.name(media.path)))
            $0.field("fullpath", media.path)
        }
    }

    /// Writes an array of indexed files.
    mutating func value(_ media: [IndexedMedia]) {
        var time = LocalTimeWriter()
        array { for file in media { $0.value(file, &time) } }
    }
}
