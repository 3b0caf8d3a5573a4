import CCrypto

/// The key exchange of the opening handshake, which proves that the server speaks WebSocket (RFC 6455 §4.2.2).
enum AcceptKey {
    /// Whether a `Sec-WebSocket-Key` is sixteen bytes in base64, in the only way to write them (RFC 4648 §3.5).
    static func isValid(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count == 24, bytes[22] == UInt8(ascii: "="), bytes[23] == UInt8(ascii: "=") else { return false }
        guard let last = Base64.alphabet.firstIndex(of: bytes[21]), last % 16 == 0 else { return false }
        return bytes[..<21].allSatisfy(Base64.alphabet.contains)
    }

    /// The `Sec-WebSocket-Accept` that answers a key.
    static func answer(_ key: String) -> String {
        let hash = sha1(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return String(decoding: Base64.encode(hash), as: UTF8.self)
    }

    private static func sha1(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var size: UInt32 = 0
            let result = EVP_Digest(bytes, bytes.count, buffer.baseAddress, &size, EVP_sha1(), nil)
            precondition(result == 1, "libcrypto has no SHA-1")
            count = Int(size)
        }
    }
}
