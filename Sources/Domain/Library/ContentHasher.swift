import CCrypto

/// Computes SHA-256 piece by piece, through libcrypto.
///
/// Not `Sendable`: each thread has its own, and uses it again for each file.
final class ContentHasher {
    private let context: OpaquePointer

    /// A hasher that has seen nothing; `nil` when libcrypto has no memory left.
    init?() {
        guard let context = EVP_MD_CTX_new() else { return nil }
        self.context = context
        guard reset() else { return nil }
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Forgets everything seen.
    @discardableResult
    func reset() -> Bool { EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 }

    /// Takes in the next bytes.
    func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        EVP_DigestUpdate(context, start, bytes.count)
    }

    /// The hash of all bytes seen, and a fresh start; `nil` only when libcrypto fails.
    func finish() -> ContentHash? {
        var digest = [UInt8](repeating: 0, count: ContentHash.length)
        var length: UInt32 = 0
        let isDone = EVP_DigestFinal_ex(context, &digest, &length) == 1 && length == ContentHash.length
        guard reset(), isDone else { return nil }
        return ContentHash(bytes: digest)
    }

    /// The hash of bytes in memory.
    func hash(_ bytes: UnsafeRawBufferPointer) -> ContentHash? {
        update(bytes)
        return finish()
    }
}
