/// Where encoded bytes go: the driver's buffer, or an array in tests and for frames that are encoded once.
///
/// Encoders are generic over the sink and specialised for it, so a payload is copied once, into the sink.
package protocol ByteSink {
    /// Appends the bytes. The pointer is valid only during the call.
    mutating func write(_ bytes: UnsafeRawBufferPointer)

    /// Appends one byte.
    mutating func write(byte: UInt8)

    /// Announces that `count` more bytes follow, so that the sink can make room for all of them at once.
    mutating func reserve(_ count: Int)
}

extension ByteSink {
    package mutating func write(byte: UInt8) {
        withUnsafeBytes(of: byte) { self.write($0) }
    }

    package mutating func reserve(_ count: Int) {}
}

extension [UInt8]: ByteSink {
    package mutating func write(_ bytes: UnsafeRawBufferPointer) {
        append(contentsOf: bytes)
    }

    package mutating func write(byte: UInt8) {
        append(byte)
    }
}
