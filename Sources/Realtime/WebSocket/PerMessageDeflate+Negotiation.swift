extension PerMessageDeflate {
    private static let serverNoContextTakeover = "server_no_context_takeover"
    private static let clientNoContextTakeover = "client_no_context_takeover"
    private static let serverMaxWindowBits = "server_max_window_bits"
    private static let clientMaxWindowBits = "client_max_window_bits"

    /// Accepts the first offer that can be accepted and returns it with our answer (RFC 7692 §5).
    ///
    /// Other extensions are passed over, and so is an offer with an unknown or repeated parameter or a bad
    /// value (RFC 7692 §7.1). Nil if none is left: then the connection goes without compression.
    package static func accept(
        _ offers: [ExtensionOffer],
        policy: Policy
    ) -> (agreed: Agreed, answer: ExtensionOffer)? {
        for element in offers where element.name == name {
            if let offer = Offer(element) { return answer(offer, policy: policy) }
        }
        return nil
    }

    private static func answer(_ offer: Offer, policy: Policy) -> (Agreed, ExtensionOffer) {
        var agreed = Agreed()
        var answer = ExtensionOffer(name: name)
        if offer.serverNoContextTakeover || policy.serverNoContextTakeover {
            agreed.serverNoContextTakeover = true
            answer.parameters.append((serverNoContextTakeover, nil))
        }
        if offer.clientNoContextTakeover || policy.clientNoContextTakeover {
            agreed.clientNoContextTakeover = true
            answer.parameters.append((clientNoContextTakeover, nil))
        }
        agreed.serverMaxWindowBits = min(offer.serverMaxWindowBits ?? 15, clamp(policy.serverMaxWindowBits))
        if offer.serverMaxWindowBits != nil || agreed.serverMaxWindowBits < 15 {
            answer.parameters.append((serverMaxWindowBits, String(agreed.serverMaxWindowBits)))
        }
        // Only a client that offers the parameter can be held to it (RFC 7692 §7.1.2.2).
        switch offer.clientMaxWindowBits {
        case nil: break
        case .any: agreed.clientMaxWindowBits = clamp(policy.clientMaxWindowBits)
        case .atMost(let bits): agreed.clientMaxWindowBits = min(bits, clamp(policy.clientMaxWindowBits))
        }
        if agreed.clientMaxWindowBits < 15 {
            answer.parameters.append((clientMaxWindowBits, String(agreed.clientMaxWindowBits)))
        }
        return (agreed, answer)
    }

    /// Reads a server's answer to `offer`; nil if it is not one the client may accept (RFC 7692 §5.1, §7.1).
    package static func agreement(_ answer: ExtensionOffer, to offer: Offer) -> Agreed? {
        guard answer.name == name, let parsed = Offer(answer) else { return nil }
        guard parsed.serverNoContextTakeover || !offer.serverNoContextTakeover else { return nil }
        var agreed = Agreed(
            serverNoContextTakeover: parsed.serverNoContextTakeover,
            clientNoContextTakeover: parsed.clientNoContextTakeover,
            serverMaxWindowBits: parsed.serverMaxWindowBits ?? 15
        )
        if let wanted = offer.serverMaxWindowBits, agreed.serverMaxWindowBits > wanted { return nil }
        switch (parsed.clientMaxWindowBits, offer.clientMaxWindowBits) {
        case (nil, .atMost(let bits)): agreed.clientMaxWindowBits = bits
        case (nil, _): break
        // An answer needs a value, and may only have it if the offer had the parameter (§7.1.2.2).
        case (.any, _), (_, nil): return nil
        case (.atMost(let bits), .any): agreed.clientMaxWindowBits = bits
        case (.atMost(let bits), .atMost(let offered)): agreed.clientMaxWindowBits = min(bits, offered)
        }
        return agreed
    }

    private static func clamp(_ bits: Int) -> Int {
        min(15, max(8, bits))
    }
}

extension PerMessageDeflate.Offer {
    /// Reads the parameters; nil if one is unknown, comes twice, or has a value it may not have (RFC 7692 §7.1).
    package init?(_ element: ExtensionOffer) {
        self.init(clientMaxWindowBits: nil)
        var seen: Set<String> = []
        for (name, value) in element.parameters {
            guard seen.insert(name).inserted else { return nil }
            switch name {
            case "server_no_context_takeover":
                guard value == nil else { return nil }
                serverNoContextTakeover = true
            case "client_no_context_takeover":
                guard value == nil else { return nil }
                clientNoContextTakeover = true
            case "server_max_window_bits":
                guard let bits = Self.windowBits(value) else { return nil }
                serverMaxWindowBits = bits
            case "client_max_window_bits":
                if value == nil {
                    clientMaxWindowBits = .any
                } else {
                    guard let bits = Self.windowBits(value) else { return nil }
                    clientMaxWindowBits = .atMost(bits)
                }
            default:
                return nil
            }
        }
    }

    /// The offer as it stands in a header.
    package var element: ExtensionOffer {
        var element = ExtensionOffer(name: PerMessageDeflate.name)
        if serverNoContextTakeover { element.parameters.append(("server_no_context_takeover", nil)) }
        if clientNoContextTakeover { element.parameters.append(("client_no_context_takeover", nil)) }
        if let serverMaxWindowBits {
            element.parameters.append(("server_max_window_bits", String(serverMaxWindowBits)))
        }
        switch clientMaxWindowBits {
        case nil: break
        case .any: element.parameters.append(("client_max_window_bits", nil))
        case .atMost(let bits): element.parameters.append(("client_max_window_bits", String(bits)))
        }
        return element
    }

    /// A decimal number from 8 to 15 without leading zeros; nil for anything else.
    private static func windowBits(_ value: String?) -> Int? {
        guard let value, let bits = Int(value), (8...15).contains(bits), String(bits) == value else { return nil }
        return bits
    }
}
