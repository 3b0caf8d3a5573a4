import Testing

@testable import Realtime

struct RequestTargetTests {
    @Test(
        "a target has a path",
        arguments: [
            ("/ws", "/ws"), ("/ws?", "/ws"), ("/events?topics=a", "/events"), ("http://h:1/ws?x=1", "/ws"),
            ("http://h", "/"), ("*", "*"), ("", ""), ("/a://b", "/a://b"),
        ]
    )
    func path(target: String, path: String) {
        #expect(RequestTarget(target).path == path)
    }

    @Test(
        "the first value of a parameter is decoded; what is broken stays as it is",
        arguments: [
            ("/?a=1&a=2", "1"), ("/?b=2", nil), ("/?a", ""), ("/?a=", ""), ("/?a=b=c", "b=c"), ("/?a=%41%2c", "A,"),
            ("/?a=x+y%2B", "x y+"), ("/?a=%", "%"), ("/?a=%4", "%4"), ("/?a=%zz", "%zz"), ("/?a=%+5", "% 5"),
            ("/?a=%-1", "%-1"), ("/?%61=1", "1"), ("/?a=%C3%A4", "ä"), ("/?a=%FF", "\u{FFFD}"), ("/?&&a=1", "1"),
        ]
    )
    func parameter(target: String, value: String?) {
        #expect(RequestTarget(target)["a"] == value)
    }
}
