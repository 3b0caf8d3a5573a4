import CCrypto

/// Where a small picture lies in the cache (contracts/iib.md §2).
///
/// It is found by the path that it was made of and a version, which may be any text; who asks with another version
/// gets another picture.
package struct CacheName: Hashable, Sendable {
    private static let covers = "video_cover"
    private static let cover = "cover.webp"

    /// The folder below the cache's.
    let folder: String
    let file: String
    /// What tells it from all others, for a validator.
    package let tag: String

    /// The thumbnail of a size.
    package static func thumbnail(_ path: String, version: String, size: ThumbnailSize) -> CacheName {
        let hash = md5(path + version)
        return CacheName(folder: hash, file: "\(size).webp", tag: "\(hash)\(size)")
    }

    /// The cover of a video.
    package static func cover(_ path: String, version: String) -> CacheName {
        let hash = md5(path + version)
        return CacheName(folder: "\(covers)/\(hash)", file: cover, tag: hash)
    }

    /// The MD5 (RFC 1321) of a text, in hex: a name that others use too, not a protection.
    static func md5(_ text: String) -> String {
        var digest = [UInt8](repeating: 0, count: 16)
        var text = text
        let isDone = text.withUTF8 { EVP_Digest($0.baseAddress, $0.count, &digest, nil, EVP_md5(), nil) }
        precondition(isDone == 1, "libcrypto without MD5")
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Whether a folder and a file are named as those of the cache are; nothing else in it is ever removed.
    static func isOurs(folder: String, file: String) -> Bool {
        let isCover = folder.hasPrefix(covers + "/")
        let hash = isCover ? String(folder.dropFirst(covers.count + 1)) : folder
        guard hash.utf8.count == 32, hash.utf8.allSatisfy({ 48...57 ~= $0 || 97...102 ~= $0 }) else { return false }
        return isCover ? file == cover : file.hasSuffix(".webp") && ThumbnailSize(file.dropLast(5)) != nil
    }

    /// The folders in which ``folder`` can lie, below the cache's.
    static var levels: [String] { ["", covers] }
}
