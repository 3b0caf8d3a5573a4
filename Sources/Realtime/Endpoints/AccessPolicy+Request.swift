import Domain

extension AccessPolicy {
    /// Checks Host, Origin and token of a request, in this order, and answers its role.
    func role(of request: HandshakeRequest, target: RequestTarget) throws(Refusal) -> Role {
        try checkHost(request.values("Host"))
        try checkOrigin(request.values("Origin"), host: request.values("Host").first)
        let offered = request.values("Sec-WebSocket-Protocol").flatMap { line in
            line.split(separator: ",").map { value in
                String(value.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
            }
        }
        return try role(
            authorization: request.values("Authorization").first,
            subprotocols: offered,
            query: target["token"]
        )
    }
}
