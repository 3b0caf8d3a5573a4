import Foundation

/// Fuzz target for what model files say of themselves.
///
/// The first byte says how the rest becomes a file: as it is, behind the right length as the header of a safetensors file,
/// behind the magic of GGUF, or as the frequencies of training tags. Whatever it is, nothing may crash or read past it;
/// bounds hold; and it makes no difference how much of it lies in memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzModels(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 1 else { return 0 }
    let body = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
    if data[0] & 3 == 3 {
        let words = TrainingTags.words(frequencies: String(decoding: body, as: UTF8.self), folders: nil)
        precondition(words.count <= TrainingTags.limit && Set(words).count == words.count)
        return 0
    }
    let length = withUnsafeBytes(of: UInt64(body.count).littleEndian) { Array($0) }
    let file = [[], length, Array("GGUF".utf8)][Int(data[0] & 3)] + body
    let whole = file.withUnsafeBytes { bytes in
        var source = ByteSource(bytes)
        return ModelFileInfo.read(&source)
    }
    check(whole)
    // A head that is cut off, and the rest in a file.
    guard rest >= 0, pwrite(rest, file, file.count, 0) == file.count else { return 0 }
    file.prefix(16 + Int(data[0] >> 2) * 8).withUnsafeBytes { head in
        var source = ByteSource(head: head, descriptor: rest, count: file.count)
        let pieces = ModelFileInfo.read(&source)
        // A header that sends a reader to and fro uses up its reads.
        if !source.isExhausted { precondition(pieces == whole, "pieces say something else than the whole") }
    }
    return 0
}

/// A file without a name.
private let rest: Int32 = {
    var template = Array("/tmp/fuzz-models-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    unlink(template)
    return descriptor
}()

private func check(_ info: ModelFileInfo) {
    for text in [info.title, info.baseModel, info.architecture, info.author, info.license, info.link] {
        precondition(text.map { !$0.isEmpty && $0.utf8.count <= ModelFileInfo.textLimit } ?? true, "a text is too long")
    }
    for text in [info.description, info.triggerPhrase] {
        precondition(text.map { !$0.isEmpty && $0.utf8.count <= 4 * ModelFileInfo.descriptionLimit } ?? true)
    }
    for words in [info.tags, info.triggerWords] {
        precondition(words.count <= ModelFileInfo.listLimit && Set(words).count == words.count)
    }
    guard case .object = info.meta(images: ["x"]) else { preconditionFailure("the meta is no object") }
}
