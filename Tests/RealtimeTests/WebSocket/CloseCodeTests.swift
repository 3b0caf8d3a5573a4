import Realtime
import Testing

struct CloseCodeTests {
    @Test("Exactly the assigned codes may stand in a close frame")
    func validity() {
        let valid = Array(1000...1003) + Array(1007...1014) + Array(3000...4999)
        let accepted = (0...65_535).filter { CloseCode(rawValue: UInt16($0)).isValidOnWire }
        #expect(accepted == valid)
    }

    @Test(
        "A valid code is echoed, an invalid one fails the connection",
        arguments: [
            (1000, true), (1001, true), (1011, true), (1014, true), (3000, true), (3999, true), (4000, true),
            (4999, true), (0, false), (999, false), (1004, false), (1005, false), (1006, false), (1015, false),
            (1016, false), (1100, false), (2000, false), (2999, false), (5000, false), (65535, false),
        ] as [(UInt16, Bool)]
    )
    func onTheWire(code: UInt16, isValid: Bool) {
        if isValid {
            expectOverAllChunkings(
                Wire.close(code, Array("bye".utf8)),
                events: [.closed(CloseCode(rawValue: code), "bye", .peer)],
                output: Wire.close(code, masked: false),
                state: .closing
            )
        } else {
            expectOverAllChunkings(
                Wire.close(code),
                events: [.failed(.invalidCloseCode)],
                output: Wire.close(1002, Array(ProtocolFailure.invalidCloseCode.reason.utf8), masked: false),
                state: .closing
            )
        }
    }
}
