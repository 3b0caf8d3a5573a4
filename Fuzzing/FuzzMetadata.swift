import Foundation

/// Fuzz target for what files say of themselves.
///
/// The first byte chooses the type and how much of the file lies in memory, the rest is the file. Whatever it is,
/// nothing may crash or read past it; bounds hold; and it makes no difference how much of it lies in memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMetadata(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 1 else { return 0 }
    let file = UnsafeRawBufferPointer(start: data + 1, count: count - 1)
    let type = types[Int(data[0]) % types.count]
    _ = MediaType(head: UnsafeRawBufferPointer(rebasing: file.prefix(MediaType.headLength)), size: file.count)

    var whole = ByteSource(file)
    let metadata = EmbeddedMetadata.read(&whole, type: type)
    check(metadata)
    // A head that is cut off, and the rest in a file.
    guard data[0] >= 128, rest >= 0, pwrite(rest, data + 1, file.count, 0) == file.count else { return 0 }
    let head = UnsafeRawBufferPointer(rebasing: file.prefix(32 + file.count / 2))
    var pieces = ByteSource(head: head, descriptor: rest, count: file.count)
    let again = EmbeddedMetadata.read(&pieces, type: type)
    // A header that sends a reader to and fro uses up its reads.
    // What is no number is not equal to itself, but looks like itself.
    if !pieces.isExhausted, again != metadata {
        precondition("\(again)" == "\(metadata)", "pieces say something else than the whole")
    }
    return 0
}

/// Kept inputs choose from this list: only add to its end.
private let types: [MediaType] = [
    .png, .jpeg, .webp, .gif, .tiff, .avif, .heic, .mp4, .quickTime, .m4a, .webM, .matroska, .avi, .wmv, .flv, .bmp,
]

/// A file without a name.
private let rest: Int32 = {
    var template = Array("/tmp/fuzz-metadata-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    unlink(template)
    return descriptor
}()

private func check(_ metadata: EmbeddedMetadata) {
    precondition(metadata.texts.count <= MetadataCollector.textsLimit)
    precondition(metadata.texts.reduce(0) { $0 + $1.text.utf8.count } <= 3 * MetadataCollector.totalLimit)
    precondition(metadata.width ?? 1 > 0 && metadata.height ?? 1 > 0)
    precondition(metadata.duration.map { $0.isFinite && $0 >= 0 } ?? true)
    if let rating = metadata.rating { precondition((0...5).contains(rating)) }
    if let comment = metadata.userComment { precondition(!comment.isEmpty) }
    let keys = metadata.flat.map(\.key)
    precondition(Set(keys).count == keys.count, "a name comes twice")
}
