/// Fuzz target for Engine.IO's packets and polling payloads.
///
/// The first byte chooses the form, the rest is what a client posts. Whatever it is, nothing may crash; what is read
/// must be written so that it reads the same again; and a script's argument must hold what was put into it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEngineIO(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 0 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    let body = Array(input.dropFirst())
    switch input[0] % 6 {
    case 0: check(body, .v4)
    case 1: check(body, .v3Text)
    case 2: check(body, .v3Binary)
    case 3: if let payload = EngineIOScript.decode(form: body) { check(payload, .v3Text) }
    case 4: checkScript(body)
    default: for version in [EngineIOVersion.v3, .v4] { checkPacket(body, version) }
    }
    return 0
}

func check(_ body: [UInt8], _ form: EngineIOPayload.Form) {
    guard let packets = try? EngineIOPayload.decode(body, form) else { return }
    precondition(!packets.isEmpty, "a body without packets was read")
    // In version 4 a packet's data cannot hold the separator, because it comes from between two.
    for form in form == .v4 ? [EngineIOPayload.Form.v4, .v3Text, .v3Binary] : [.v3Text, .v3Binary] {
        let written = EngineIOPayload.encode(packets.map(\.text), form)
        precondition((try? EngineIOPayload.decode(written, form)) == packets, "a payload reads differently")
    }
}

func checkPacket(_ bytes: [UInt8], _ version: EngineIOVersion) {
    if let packet = EngineIOPacket(text: bytes, version: version) {
        precondition(EngineIOPacket(text: packet.text, version: .v4) == packet, "a packet reads differently")
    }
    if let packet = EngineIOPacket(binary: bytes, version: version) {
        guard case .binary(let content) = packet else { preconditionFailure("a binary frame is no message") }
        precondition(content == (version == .v3 ? Array(bytes.dropFirst()) : bytes))
    }
}

func checkScript(_ payload: [UInt8]) {
    let script = EngineIOScript.encode(payload, index: "0")
    let head = Array("___eio[0](\"".utf8)
    let tail = Array("\");".utf8)
    precondition(script.starts(with: head) && script.suffix(tail.count) == tail[...])
    // The argument ends where it should, and nowhere before: no bare quote, control character or line separator.
    var argument = script[head.count..<(script.count - tail.count)]
    while let byte = argument.popFirst() {
        precondition(byte >= 0x20 && byte != UInt8(ascii: "\""), "the argument ends early")
        precondition(!(byte == 0xE2 && argument.starts(with: [0x80, 0xA8])), "a line separator is left")
        precondition(!(byte == 0xE2 && argument.starts(with: [0x80, 0xA9])), "a paragraph separator is left")
        if byte == UInt8(ascii: "\\") { precondition(argument.popFirst() != nil, "an escape without its character") }
    }
}
