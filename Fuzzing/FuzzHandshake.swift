/// Fuzz target for the opening handshake and its header grammar.
///
/// The input is a request head, one line a field. Whatever it says, nothing may crash; what is accepted must
/// keep the rules; and what a grammar reads it must write so that it reads the same again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHandshake(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 0 else { return 0 }
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
    let headers = lines.dropFirst().map { line in
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
    }
    let request = HandshakeRequest(
        method: String(start.first ?? ""),
        target: start.count > 1 ? String(start[1]) : "",
        version: start.count > 2 && start[2] == "HTTP/1.0" ? (1, 0) : (1, 1),
        headers: headers
    )
    check(request, HandshakePolicy(compression: PerMessageDeflate.Policy(serverMaxWindowBits: 12)))
    check(request, HandshakePolicy(subprotocols: .oneOf(["vitrine.v1"]), compression: .shared))
    for header in headers { checkGrammar(header.value) }
    return 0
}

func check(_ request: HandshakeRequest, _ policy: HandshakePolicy) {
    switch Handshake.answer(request, policy: policy) {
    case .refuse(let status, _, let reason):
        precondition([400, 405, 426, 431].contains(status) && !reason.isEmpty)
    case .accept(let headers, let subprotocol, let compression):
        precondition(request.method == "GET" && request.version == (1, 1))
        precondition(request.values("host").count == 1)
        precondition(request.values("sec-websocket-version") == ["13"])
        let key = request.values("sec-websocket-key")[0]
        precondition(key.utf8.count == 24)
        if let subprotocol {
            precondition(request.values("sec-websocket-protocol").contains { $0.contains(subprotocol) })
        }
        for header in headers { precondition(!header.value.utf8.contains { $0 < 0x20 || $0 == 0x7F }) }
        // A client that had offered whatever was agreed on would be content with the answer.
        let offer = compression.map {
            PerMessageDeflate.Offer(
                serverNoContextTakeover: false,
                serverMaxWindowBits: $0.serverMaxWindowBits,
                clientMaxWindowBits: .any
            )
        }
        let result = try? Handshake.verify(
            status: 101,
            headers: headers,
            key: key,
            subprotocols: subprotocol.map { [$0] } ?? [],
            compression: offer
        )
        precondition(result?.subprotocol == subprotocol && result?.compression == compression)
    }
}

func checkGrammar(_ value: String) {
    guard let elements = ExtensionOffer.parse(value) else { return }
    precondition(!elements.isEmpty)
    let written = elements.map(\.encoded).joined(separator: ", ")
    let again = ExtensionOffer.parse(written)?.map(\.encoded).joined(separator: ", ")
    precondition(again == written, "an extension header reads differently when written again")
}
