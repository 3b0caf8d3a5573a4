struct PendingFolder: PendingPictureKeeping {
    let path: String

    func keep(copyOf path: String) throws -> String {
        let bytes = try WholeFile.read(path, limit: 64 << 20)
        guard PictureDecoder.inspect(bytes).header != nil else { throw ModelGalleryError.badPicture("no picture") }
        let name = FolderPath.name(of: path)
        try WholeFile.write(bytes, to: FolderPath.joined(self.path, name))
        return name
    }

    func discard(_ name: String) {}
}
