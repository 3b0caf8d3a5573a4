/// One element of `Sec-WebSocket-Extensions` (RFC 6455 §9.1): a name and its parameters in order.
package struct ExtensionOffer: Sendable {
    /// The extension, such as `permessage-deflate`.
    package var name: String
    /// Names and values, quotes undone; a parameter without `=` has no value.
    package var parameters: [(name: String, value: String?)]

    /// An offer without parameters unless some are given.
    package init(name: String, parameters: [(name: String, value: String?)] = []) {
        self.name = name
        self.parameters = parameters
    }

    /// Reads a header value; nil if it breaks the grammar.
    ///
    /// What a quoted value says must be a token, as RFC 6455 §9.1 demands.
    package static func parse(_ value: String) -> [ExtensionOffer]? {
        HeaderScanner.list(value) { scanner in
            guard let name = scanner.token() else { return nil }
            var offer = ExtensionOffer(name: name)
            while true {
                scanner.skipWhitespace()
                guard scanner.read(UInt8(ascii: ";")) else { return offer }
                scanner.skipWhitespace()
                guard let parameter = scanner.token() else { return nil }
                scanner.skipWhitespace()
                guard scanner.read(UInt8(ascii: "=")) else {
                    offer.parameters.append((parameter, nil))
                    continue
                }
                scanner.skipWhitespace()
                if let value = scanner.token() {
                    offer.parameters.append((parameter, value))
                } else if let value = scanner.quotedString(), !value.isEmpty,
                    value.utf8.allSatisfy(HeaderScanner.isTokenByte)
                {
                    offer.parameters.append((parameter, value))
                } else {
                    return nil
                }
            }
        }
    }

    /// The element as it stands in a header.
    package var encoded: String {
        parameters.reduce(into: name) { text, parameter in
            text += "; " + parameter.name
            if let value = parameter.value { text += "=" + value }
        }
    }
}
