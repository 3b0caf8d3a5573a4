import OrderedCollections
import Testing

@testable import Domain

struct JSONMembersTests {
    private struct Found: Equatable {
        var names: [String] = []
        var values: [String] = []
        var isComplete = false
    }

    private func members(_ text: String) -> Found? {
        Array(text.utf8).withUnsafeBytes { bytes in
            guard var members = JSONMembers(bytes) else { return nil }
            var found = Found()
            while let member = members.next() {
                found.names.append(members.text(member.name, limit: 1000) ?? "?")
                found.values.append(String(decoding: bytes[member.value], as: UTF8.self))
            }
            // The end stays the end.
            #expect(members.next() == nil)
            found.isComplete = members.isComplete
            return found
        }
    }

    @Test("Members of any object are those that the parser finds")
    func likeParser() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let value = Self.object(&generator, depth: 3)
            let found = try #require(members(value.text), "seed \(seed)")
            let wanted = try #require(value.object)
            #expect(found.isComplete && found.names == Array(wanted.keys), "seed \(seed)")
            #expect(found.values == wanted.values.map(\.text), "seed \(seed)")
            // Cut off anywhere, it has some of them.
            let text = value.text
            let part = String(text.prefix(Int.random(in: 0..<text.count, using: &generator)))
            if let some = members(part) {
                #expect(!some.isComplete, "seed \(seed)")
                #expect(some.values == Array(found.values.prefix(some.values.count)), "seed \(seed)")
            }
        }
    }

    private static func object(_ generator: inout SeededGenerator, depth: Int) -> JSON {
        var members: OrderedDictionary<String, JSON> = [:]
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            members[name(&generator)] = value(&generator, depth: depth - 1)
        }
        return .object(members)
    }

    private static func value(_ generator: inout SeededGenerator, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .int(.random(in: -50...50, using: &generator))
        case 3, 4: .string(name(&generator))
        case 5: .array((0..<Int.random(in: 0...3, using: &generator)).map { _ in value(&generator, depth: depth - 1) })
        default: object(&generator, depth: depth)
        }
    }

    private static func name(_ generator: inout SeededGenerator) -> String {
        let parts = ["a", "\"", "\\", "{", "}", "[", "]", ":", ",", " ", "\n", "é", "\u{1F600}", "x"]
        return (0..<Int.random(in: 0...5, using: &generator)).map { _ in parts.randomElement(using: &generator) ?? "" }
            .joined()
    }

    @Test("Numbers are whole, not negative and not too long")
    func counts() {
        let text = #"{"a":12,"b":-1,"c":1.5,"d":"1","e":0,"f":999999999999999,"g":1000000000000000}"#
        Array(text.utf8).withUnsafeBytes { bytes in
            var members = JSONMembers(bytes)
            var found: [Int?] = []
            while let member = members?.next() { found.append(members?.count(member.value)) }
            #expect(found == [12, nil, nil, nil, 0, 999_999_999_999_999, nil])
        }
    }
}
