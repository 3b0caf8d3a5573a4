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

extension JSONText {
    /// Appends `{type, date, size, name, bytes?, created_time, fullpath, is_under_scanned_path}`.
    mutating func append(_ info: IIBFileInfo, _ time: inout LocalTimeWriter) {
        append(info.bytes == nil ? #"{"type":"dir","date":"# : #"{"type":"file","date":"#)
        time.append(info.modified, to: &self)
        if let bytes = info.bytes {
            append(#","size":""#)
            IIBSize.append(bytes, to: &self)
            append(#"","name":"#)
            append(quoted: info.name)
            append(#","bytes":"#)
            append(bytes)
        } else {
            append(#","size":"-","name":"#)
            append(quoted: info.name)
        }
        append(#","created_time":"#)
        time.append(info.created, to: &self)
        append(#","fullpath":"#)
        append(quoted: info.path)
        append(info.isInLibrary ? #","is_under_scanned_path":true}"# : #","is_under_scanned_path":false}"#)
    }

    /// Appends an indexed file: `{type, id, date, created_date, size, is_under_scanned_path, bytes, name, fullpath}`.
    mutating func append(_ media: IndexedMedia, _ time: inout LocalTimeWriter) {
        append(#"{"type":"file","id":"#)
        append(media.id)
        append(#","date":"#)
        time.append(media.date, to: &self)
        append(#","created_date":"#)
        time.append(media.date, to: &self)
        append(#","size":""#)
        IIBSize.append(media.size, to: &self)
        append(#"","is_under_scanned_path":true,"bytes":"#)
        append(media.size)
        append(#","name":"#)
        var path = media.path
        path.withUTF8 { path in
            let name = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
            append(quoted: UnsafeBufferPointer(rebasing: path[name...]))
            append(#","fullpath":"#)
            append(quoted: path)
        }
        append("}")
    }

    /// Appends an array of which `body` appends each element.
    mutating func append<Element>(_ elements: [Element], _ body: (inout JSONText, Element) -> Void) {
        append("[")
        var isFirst = true
        for element in elements {
            if !isFirst { append(",") }
            isFirst = false
            body(&self, element)
        }
        append("]")
    }
}

extension JSONWriter {
    /// Writes an entry of a folder, as ``JSONText/append(_:_:)-(IIBFileInfo,_)`` has it.
    mutating func value(_ info: IIBFileInfo, _ time: inout LocalTimeWriter) {
        var text = JSONText(capacity: 384)
        text.append(info, &time)
        value(encoded: text.bytes)
    }

    /// Writes an array of indexed files.
    mutating func value(_ media: [IndexedMedia]) {
        var time = LocalTimeWriter()
        var text = JSONText(capacity: 16 + 384 * media.count)
        text.append(media) { $0.append($1, &time) }
        value(encoded: text.bytes)
    }
}
