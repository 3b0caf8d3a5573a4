import Testing

@testable import Domain

/// Texts are found in others by the rules of SQLite's LIKE.
struct SubstringMatcherTests {
    @Test(
        "A pattern is found where LIKE finds it",
        arguments: [
            ("", "", true), ("", "x", true), ("%", "", true), ("a", "", false), ("_", "", false), ("_", "x", true),
            ("Forest", "a dark FOREST path", true), ("forest", "fore st", false), ("a_c", "xABCx", true),
            ("a_c", "ac", false), ("a%c", "a...c", true), ("a%c", "c...a", false), ("__x", "éx", false),
            ("__x", "éüx", true), ("é", "É", false), ("É", "xÉx", true), ("@", "`", false), ("[", "{", false),
            ("k", "\u{212A}", false), ("a_", "a", false), ("%a%", "bab", true), ("_%_", "é", false),
            ("aab", "aaab", true), ("a_b", "aéb", true), ("ab_d%f", "xx abXd..F", true),
        ]
    )
    func like(pattern: String, text: String, isFound: Bool) {
        #expect(SubstringMatcher(pattern).matches(text) == isFound)
    }

    @Test("Long texts are searched to their very ends, whatever stands around them in memory")
    func ends() {
        for length in 0..<70 {
            let filler = String(repeating: "x", count: length)
            #expect(SubstringMatcher("needle").matches(filler + "NEEDLE"))
            #expect(SubstringMatcher("needle").matches("Needle" + filler))
            let text = Array((filler + "needle").utf8)
            text.withUnsafeBytes { bytes in
                let cut = UnsafeRawBufferPointer(rebasing: bytes.dropLast())
                #expect(!SubstringMatcher("needle").matches(cut))
            }
        }
    }

    @Test("Bytes that are no UTF-8 are searched like any others")
    func bytes() {
        let text: [UInt8] = [0xFF, 0x80, 0x41, 0xC3, 0x62]
        text.withUnsafeBytes { bytes in
            #expect(SubstringMatcher("a").matches(bytes))
            #expect(SubstringMatcher("a_b").matches(bytes))
            #expect(SubstringMatcher("_a").matches(bytes))
            #expect(!SubstringMatcher("__a").matches(bytes))
        }
    }

    @Test("Random patterns and texts agree with a model of LIKE", arguments: [UInt64.random(in: 0 ... .max)])
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("aAbB%__é/")
        for _ in 0..<20_000 {
            let pattern = String((0..<Int.random(in: 0...6, using: &generator)).map { _ in pick(letters, &generator) })
            let text = String((0..<Int.random(in: 0...24, using: &generator)).map { _ in pick(letters, &generator) })
            let expected = Self.like(Array("%\(pattern)%".unicodeScalars)[...], Array(text.unicodeScalars)[...])
            #expect(SubstringMatcher(pattern).matches(text) == expected, "seed \(seed): \(pattern) in \(text)")
        }
    }

    @Test("What a folder's path leaves possible agrees with looking", arguments: [UInt64.random(in: 0 ... .max)])
    func live(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("aAb%_é/")
        for _ in 0..<20_000 {
            let pattern = String((0..<Int.random(in: 0...5, using: &generator)).map { _ in pick(letters, &generator) })
            let folder = String((0..<Int.random(in: 0...8, using: &generator)).map { _ in pick(letters, &generator) })
            let name = String((0..<Int.random(in: 0...5, using: &generator)).map { _ in pick(letters, &generator) })
            let matcher = SubstringMatcher(pattern)
            var path = folder + "/"
            let answer = path.withUTF8 { LiveMatch(pattern).answer(for: UnsafeRawBufferPointer($0)) }
            let comment: Comment = "seed \(seed): \(pattern) in \(folder) / \(name)"
            switch answer {
            case .whole: #expect(matcher.matches(folder + "/"), comment)
            case .nameAlone:
                #expect(!matcher.matches(folder + "/"), comment)
                #expect(matcher.matches(folder + "/" + name) == matcher.matches(name), comment)
            case .begun: #expect(!matcher.matches(folder + "/"), comment)
            }
        }
    }

    private func pick(_ letters: [Character], _ generator: inout SeededGenerator) -> Character {
        letters[Int.random(in: letters.indices, using: &generator)]
    }

    /// LIKE by definition, slowly.
    private static func like(_ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "%" {
            return like(pattern.dropFirst(), text) || (!text.isEmpty && like(pattern, text.dropFirst()))
        }
        guard let next = text.first else { return false }
        let isSame = first == "_" || first == next || (first.isASCII && next.isASCII && lower(first) == lower(next))
        return isSame && like(pattern.dropFirst(), text.dropFirst())
    }

    private static func lower(_ scalar: Unicode.Scalar) -> String { scalar.properties.lowercaseMapping }
}
