import Foundation
import Testing

@testable import REST

@Suite struct Base64TextTests {
    @Test func `every length is read back, bare and as a URL`() {
        for length in 0..<20 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 67 + 250) }
            let text = Data(bytes).base64EncodedString()
            #expect(Base64Text.decode(text) == bytes)
            #expect(Base64Text.decode("data:image/png;base64,\(text)") == bytes)
            #expect(Base64Text.decode(text.replacing("=", with: "")) == bytes)
        }
        #expect(Base64Text.decode("AQ\r\nID") == [1, 2, 3])
    }

    @Test(arguments: ["A", "AAAAA", "A-B_", "data:image/png,AAAA", "data:", "AA=A", " AAAA", "é"])
    func `what is no base64 is none`(text: String) {
        #expect(Base64Text.decode(text) == nil)
    }
}
