import Realtime
import Testing

struct PerMessageDeflateNegotiationTests {
    typealias Agreed = PerMessageDeflate.Agreed
    typealias Policy = PerMessageDeflate.Policy

    private func accept(_ header: String, _ policy: Policy = Policy()) -> (agreed: Agreed, answer: String)? {
        guard let offers = ExtensionOffer.parse(header) else {
            Issue.record("malformed \(header)")
            return nil
        }
        return PerMessageDeflate.accept(offers, policy: policy).map { ($0.agreed, $0.answer.encoded) }
    }

    static let accepted: [(offer: String, policy: Policy, answer: String, agreed: Agreed)] = [
        ("permessage-deflate", Policy(), "permessage-deflate", Agreed()),
        ("permessage-deflate; client_max_window_bits", Policy(), "permessage-deflate", Agreed()),
        (
            "permessage-deflate; client_max_window_bits", Policy(clientMaxWindowBits: 10),
            "permessage-deflate; client_max_window_bits=10", Agreed(clientMaxWindowBits: 10)
        ),
        (
            "permessage-deflate; client_max_window_bits=9", Policy(clientMaxWindowBits: 10),
            "permessage-deflate; client_max_window_bits=9", Agreed(clientMaxWindowBits: 9)
        ),
        // The client cannot be told what it did not offer to do.
        ("permessage-deflate", Policy(clientMaxWindowBits: 10), "permessage-deflate", Agreed()),
        (
            "permessage-deflate; server_max_window_bits=12", Policy(),
            "permessage-deflate; server_max_window_bits=12", Agreed(serverMaxWindowBits: 12)
        ),
        (
            "permessage-deflate; server_max_window_bits=15", Policy(),
            "permessage-deflate; server_max_window_bits=15", Agreed()
        ),
        (
            "permessage-deflate; server_max_window_bits=8", Policy(),
            "permessage-deflate; server_max_window_bits=8", Agreed(serverMaxWindowBits: 8)
        ),
        (
            "permessage-deflate; server_max_window_bits=12", Policy(serverMaxWindowBits: 11),
            "permessage-deflate; server_max_window_bits=11", Agreed(serverMaxWindowBits: 11)
        ),
        (
            "permessage-deflate", Policy(serverMaxWindowBits: 11),
            "permessage-deflate; server_max_window_bits=11", Agreed(serverMaxWindowBits: 11)
        ),
        (
            "permessage-deflate; server_max_window_bits=\"10\"", Policy(),
            "permessage-deflate; server_max_window_bits=10", Agreed(serverMaxWindowBits: 10)
        ),
        (
            "permessage-deflate; server_no_context_takeover", Policy(),
            "permessage-deflate; server_no_context_takeover", Agreed(serverNoContextTakeover: true)
        ),
        (
            "permessage-deflate; client_no_context_takeover", Policy(),
            "permessage-deflate; client_no_context_takeover", Agreed(clientNoContextTakeover: true)
        ),
        (
            "permessage-deflate", .shared,
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            Agreed(serverNoContextTakeover: true, clientNoContextTakeover: true)
        ),
        // The first offer that can be accepted is, in the client's order.
        (
            "permessage-deflate; server_max_window_bits=16, permessage-deflate; server_max_window_bits=9, permessage-deflate",
            Policy(), "permessage-deflate; server_max_window_bits=9", Agreed(serverMaxWindowBits: 9)
        ),
        ("x-webkit-deflate-frame, permessage-deflate", Policy(), "permessage-deflate", Agreed()),
    ]

    @Test("An offer is accepted with the answer of RFC 7692 §7.1", arguments: accepted.indices)
    func accepts(index: Int) {
        let row = Self.accepted[index]
        let result = accept(row.offer, row.policy)
        #expect(result?.answer == row.answer)
        #expect(result?.agreed == row.agreed)
    }

    @Test(
        "An offer with an unknown, repeated or wrong parameter is declined",
        arguments: [
            "permessage-deflate; unknown", "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            "permessage-deflate; client_no_context_takeover=1", "permessage-deflate; server_no_context_takeover=true",
            "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16", "permessage-deflate; server_max_window_bits=010",
            "permessage-deflate; server_max_window_bits=+9", "permessage-deflate; server_max_window_bits=nine",
            "permessage-deflate; server_max_window_bits=99999999999999999999",
            "permessage-deflate; client_max_window_bits=7",
            "permessage-deflate; client_max_window_bits=16", "permessage-deflate; client_max_window_bits=\"08\"",
            "permessage-deflate; client_max_window_bits; client_max_window_bits=9", "permessage-deflate-2", "other",
            "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
        ]
    )
    func declines(offer: String) {
        #expect(accept(offer) == nil)
        #expect(accept(offer + ", permessage-deflate")?.agreed == Agreed())
    }

    @Test("A client accepts only answers to its offer")
    func client() {
        let plain = PerMessageDeflate.Offer(clientMaxWindowBits: nil)
        let full = PerMessageDeflate.Offer(
            serverNoContextTakeover: true,
            serverMaxWindowBits: 12,
            clientMaxWindowBits: .atMost(11)
        )
        let name = PerMessageDeflate.name
        for (offer, answer, expected): (PerMessageDeflate.Offer, String, Agreed?) in [
            (plain, name, Agreed()),
            (plain, name + "; client_no_context_takeover", Agreed(clientNoContextTakeover: true)),
            (plain, name + "; server_max_window_bits=9", Agreed(serverMaxWindowBits: 9)),
            (plain, name + "; client_max_window_bits=9", nil), (plain, name + "; unknown", nil), (plain, "other", nil),
            (full, name, nil), (full, name + "; server_no_context_takeover; server_max_window_bits=13", nil),
            (full, name + "; server_no_context_takeover", nil),
            (full, name + "; server_no_context_takeover; server_max_window_bits=12; client_max_window_bits", nil),
            (
                full, name + "; server_no_context_takeover; server_max_window_bits=12; client_max_window_bits=10",
                Agreed(serverNoContextTakeover: true, serverMaxWindowBits: 12, clientMaxWindowBits: 10)
            ),
            (
                full, name + "; server_no_context_takeover; server_max_window_bits=12",
                Agreed(serverNoContextTakeover: true, serverMaxWindowBits: 12, clientMaxWindowBits: 11)
            ),
        ] {
            let parsed = ExtensionOffer.parse(answer)?.first ?? ExtensionOffer(name: "")
            #expect(PerMessageDeflate.agreement(parsed, to: offer) == expected, "\(answer)")
        }
    }

    @Test("An offer is written as it is read")
    func offers() {
        for offer in [
            PerMessageDeflate.Offer(), PerMessageDeflate.Offer(clientMaxWindowBits: nil),
            PerMessageDeflate.Offer(
                serverNoContextTakeover: true,
                clientNoContextTakeover: true,
                serverMaxWindowBits: 9,
                clientMaxWindowBits: .atMost(10)
            ),
        ] {
            let parsed = ExtensionOffer.parse(offer.element.encoded)
            #expect(parsed?.count == 1)
            #expect(parsed?.first.flatMap { PerMessageDeflate.Offer($0) } == offer)
        }
    }
}
