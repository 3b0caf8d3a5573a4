import Testing

@testable import Realtime

struct ResumePointTests {
    @Test(
        "an epoch and an offset are read",
        arguments: [
            ("k3f9:44", "k3f9", 44), ("e:0", "e", 0), ("a:b:7", "a:b", 7),
            ("e:9007199254740991", "e", 9_007_199_254_740_991),
        ]
    )
    func good(text: String, epoch: String, offset: Int) {
        #expect(ResumePoint(text) == ResumePoint(epoch: epoch, offset: offset))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", ":", "e", "e:", ":4", "e:-1", "e:+1", "e: 1", "e:1 ", "e:1x", "e:９", "e:9007199254740992",
            "e:99999999999999999999",
        ]
    )
    func bad(text: String) {
        #expect(ResumePoint(text) == nil)
    }
}
