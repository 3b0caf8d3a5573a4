/// The meaning of a frame's payload (RFC 6455 §5.2, §11.8); other values are reserved.
package enum Opcode: UInt8, Sendable, Hashable, CaseIterable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Whether the frame controls the connection: at most 125 bytes, never fragmented, never compressed (§5.5).
    package var isControl: Bool {
        @inline(__always) get { rawValue & 0x8 != 0 }
    }
}
