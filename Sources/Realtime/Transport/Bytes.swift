import NIOCore

/// Bytes on their way out: appended once, then shared by any number of sockets without a copy.
///
/// A value: appending to one holder's bytes never changes another's. Sessions know this type only; what it is made
/// of is the driver's business.
package struct Bytes: Sendable {
    /// The storage, for the channel driver.
    var buffer: ByteBuffer

    /// No bytes, with room for `capacity`.
    package init(capacity: Int = 0) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    /// A copy of `bytes`.
    package init(_ bytes: some Sequence<UInt8>) {
        buffer = ByteBuffer(bytes: bytes)
    }

    /// How many bytes there are.
    package var count: Int { buffer.readableBytes }

    /// Whether there are none.
    package var isEmpty: Bool { buffer.readableBytes == 0 }

    /// Appends all of `other`.
    package mutating func append(_ other: Bytes) {
        buffer.writeImmutableBuffer(other.buffer)
    }

    /// Forgets the content and keeps the storage when nobody else holds it.
    package mutating func removeAll() {
        buffer.clear()
    }

    /// Lends the content; the pointer must not leave `body`.
    package func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try buffer.withUnsafeReadableBytes(body)
    }
}

extension Bytes: ByteSink {
    package mutating func write(_ bytes: UnsafeRawBufferPointer) {
        buffer.writeBytes(bytes)
    }

    package mutating func write(byte: UInt8) {
        buffer.writeInteger(byte)
    }

    package mutating func reserve(_ count: Int) {
        buffer.reserveCapacity(minimumWritableBytes: count)
    }
}
