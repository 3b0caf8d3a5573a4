/// Frames as a client sends them: masked (RFC 6455 §5.3).
enum ClientFrame {
    /// A whole message; opcode 1 is text, 2 is binary.
    ///
    /// The key is fixed: what is measured does not depend on it.
    static func make(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        var frame: [UInt8] = [0x80 | opcode]
        switch payload.count {
        case 0..<126: frame.append(0x80 | UInt8(payload.count))
        case 126..<65_536: frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default:
            frame.append(0x80 | 127)
            for shift in stride(from: 56, through: 0, by: -8) { frame.append(UInt8(payload.count >> shift & 255)) }
        }
        frame += key
        frame += payload.enumerated().map { $1 ^ key[$0 & 3] }
        return frame
    }
}
