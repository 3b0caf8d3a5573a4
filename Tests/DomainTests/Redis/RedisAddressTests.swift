import Domain
import Testing

/// Addresses of Redis, as people write them.
@Suite struct RedisAddressTests {
    @Test(
        "a URL is read, its parts percent-decoded",
        arguments: [
            ("redis://localhost", RedisAddress(place: .tcp(host: "localhost", port: 6379))),
            ("REDIS://10.0.0.7:7000/3", RedisAddress(place: .tcp(host: "10.0.0.7", port: 7000), database: 3)),
            ("redis://redis/", RedisAddress(place: .tcp(host: "redis", port: 6379))),
            ("redis://[::1]:7000", RedisAddress(place: .tcp(host: "::1", port: 7000))),
            ("redis://[::1]/2", RedisAddress(place: .tcp(host: "::1", port: 6379), database: 2)),
            ("redis://:p%40ss@h", RedisAddress(place: .tcp(host: "h", port: 6379), password: "p@ss")),
            ("redis://me:a:b@h", RedisAddress(place: .tcp(host: "h", port: 6379), user: "me", password: "a:b")),
            ("redis://me:p@x@h", RedisAddress(place: .tcp(host: "h", port: 6379), user: "me", password: "p@x")),
            ("unix:///run/redis.sock", RedisAddress(place: .unix(path: "/run/redis.sock"))),
            ("unix:///run/a%20b?db=4", RedisAddress(place: .unix(path: "/run/a b"), database: 4)),
            (
                "unix://me:p%2Fq@/run/r", RedisAddress(place: .unix(path: "/run/r"), user: "me", password: "p/q")
            ),
        ]
    )
    func good(text: String, address: RedisAddress) throws {
        #expect(try RedisAddress(text) == address)
    }

    @Test(
        "what is no address is refused, each for its reason",
        arguments: [
            ("", RedisAddress.Failure.scheme), ("localhost:6379", .scheme), ("http://h", .scheme),
            ("redis:/h", .scheme), ("rediss://h", .tls), ("redis://", .host), ("redis:///1", .host),
            ("redis://a b", .host), ("redis://::1", .host), ("redis://[::1", .host), ("redis://[h]", .host),
            ("redis://h:0", .port), ("redis://h:65536", .port), ("redis://h:", .port), ("redis://h:+1", .port),
            ("redis://h/x", .database), ("redis://h/-1", .database), ("redis://h/65536", .database),
            ("redis://h/0/1", .database), ("redis://h?db=1", .host), ("redis://user@h", .credentials),
            ("redis://@h", .credentials), ("redis://u:%zz@h", .credentials), ("redis://u:%F@h", .credentials),
            ("redis://u:%ff@h", .credentials), ("unix://", .path), ("unix://h", .path), ("unix:///", .path),
            ("unix:///a%00b", .path), ("unix://u:p/a", .path), ("unix:///a?db=", .database),
            ("unix:///a?x=1", .database),
        ]
    )
    func bad(text: String, reason: RedisAddress.Failure) {
        #expect(throws: reason) { try RedisAddress(text) }
        #expect(!reason.description.contains("%zz"))
    }

    @Test(
        "the description names the place and never the password",
        arguments: [
            ("redis://me:hush@[::1]:7000/3", "redis://me@[::1]:7000/3"), ("redis://:hush@h", "redis://h:6379/0"),
            ("unix://me:hush@/run/r?db=2", "unix://me@/run/r?db=2"),
        ]
    )
    func described(text: String, description: String) throws {
        #expect(try "\(RedisAddress(text))" == description)
    }
}
