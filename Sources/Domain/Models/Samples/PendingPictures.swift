#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The pictures that wait with models that are not imported yet: one folder of files as they came, bytes and format
/// (contracts/gallery.md §2, §4).
///
/// A file's suffix follows from its first bytes. A name that comes from outside reaches nothing but files of this
/// folder. Calls block.
struct PendingPictures: Sendable {
    /// The suffix of each kind of picture.
    private static let suffixes: [MediaType: String] = [
        .png: "png", .jpeg: "jpg", .webp: "webp", .gif: "gif", .bmp: "bmp", .tiff: "tiff", .avif: "avif",
        .heic: "heic", .jpegXL: "jxl",
    ]
    /// The longest name without its suffix and number, in bytes.
    private static let stemLimit = 200

    /// The folder's absolute path.
    let folder: String
    var limits = PictureLimits()

    // MARK: - Finding

    /// Where a picture lies, by its name or its name without the suffix; `nil` when there is none.
    ///
    /// Of a path only the last name counts, as in the lists of names that other servers wrote.
    func path(named name: String) -> String? {
        let name = Self.lastName(name)
        guard FileName.isValid(name), !name.hasPrefix(".") else { return nil }
        return ([name] + Self.suffixes.values.sorted().map { "\(name).\($0)" }).lazy
            .filter(FileName.isValid).map { FolderPath.joined(folder, $0) }.first(where: Self.isFile)
    }

    /// The bytes of the first of these pictures; `nil` when it is missing or cannot be read.
    func read(firstOf names: [String]) -> [UInt8]? {
        names.first.flatMap(path).flatMap { try? WholeFile.read($0, limit: limits.bytes) }
    }

    // MARK: - Changing

    /// Keeps a picture; answers the name of its file, for the record's `images`.
    ///
    /// The name is made of `name`, whose suffix and folders are left out, with a number when it is taken. Throws
    /// ``ModelGalleryError/badPicture(_:)`` for what is no picture, and ``SystemError``.
    func add(_ picture: [UInt8], named name: String) throws -> String {
        guard picture.count <= limits.bytes else {
            throw ModelGalleryError.badPicture(PictureError.tooLarge("\(picture.count) bytes").description)
        }
        let (type, header) = PictureDecoder.inspect(picture)
        guard let type, let suffix = Self.suffixes[type], header != nil || !type.needsDimensions else {
            throw ModelGalleryError.badPicture(PictureError.unsupported("it is no picture").description)
        }
        try WholeFile.makeFolder(folder)
        let whole = FolderPath.joined(folder, ".\(Identifier.make()).whole")
        try WholeFile.write(picture, to: whole)
        defer { unlink(whole) }
        let stem = Self.stem(name)
        var name = stem
        var number = 1
        while try path(named: name) != nil || !move(whole, to: "\(name).\(suffix)") {
            number += 1
            // Thousands of models may be called alike; numbers would be tried one after the other.
            name = "\(stem)-\(number < 16 ? "\(number)" : Identifier.make())"
        }
        return "\(name).\(suffix)"
    }

    /// Gives a file of the folder its name; `false` when something has that already.
    private func move(_ path: String, to name: String) throws(SystemError) -> Bool {
        do {
            try DiskFileSystem().rename(path, to: FolderPath.joined(folder, name))
            return true
        } catch {
            guard error.code == EEXIST else { throw error }
            return false
        }
    }

    /// Keeps a copy of the file at a path, which may be no link; answers and throws as ``add(_:named:)``.
    func add(fileAt path: String, named name: String) throws -> String {
        try add(Self.bytes(path, limits.bytes), named: name)
    }

    private static func bytes(_ path: String, _ limit: Int) throws -> [UInt8] {
        do throws(WholeFile.ReadFailure) {
            return try WholeFile.read(path, limit: limit)
        } catch {
            switch error {
            case .system(let error): throw error
            case .tooLarge(let size):
                throw ModelGalleryError.badPicture(PictureError.tooLarge("\(size) bytes").description)
            case .notRegular:
                throw ModelGalleryError.badPicture(PictureError.unsupported("it is no file").description)
            }
        }
    }

    /// Removes pictures; those that are missing already are fine, and what cannot be removed goes at the next start.
    func remove(_ names: [String]) {
        for name in names {
            if let path = path(named: name) { unlink(path) }
        }
    }

    /// Removes all pictures but those that these names stand for, and what was being written when the server ended.
    func removeAll(but names: Set<String>) {
        let kept = Set(names.compactMap { path(named: $0) })
        for name in (try? DiskFileSystem().names(in: folder)) ?? [] {
            let path = FolderPath.joined(folder, name)
            if !kept.contains(path), Self.isFile(path) { unlink(path) }
        }
    }

    // MARK: - Names

    private static func lastName(_ path: String) -> String {
        String(Substring(path.utf8.split(whereSeparator: { $0 == 0x2F || $0 == 0x5C }).last ?? Substring().utf8))
    }

    /// A name for a file, made of any text.
    private static func stem(_ name: String) -> String {
        let last = lastName(name)
        let stem = last[..<FileName.suffix(of: last)]
        var text = String(stem.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.drop { $0 == "." })
        while text.utf8.count > stemLimit { text.removeLast() }
        return text.isEmpty ? "picture" : text
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
