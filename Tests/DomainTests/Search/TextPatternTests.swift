import Testing

@testable import Domain

/// Regular expressions in Python's syntax, and bounds on what they may cost.
struct TextPatternTests {
    private func isFound(_ pattern: String, _ text: String) throws -> Bool {
        try PatternMatcher(TextPattern(pattern)).matches(text)
    }

    @Test(
        "Patterns mean what they mean in Python with IGNORECASE, MULTILINE and DOTALL",
        arguments: [
            ("forest", "A FOREST", true), ("^steps", "prompt\nSteps: 20", true), ("20$", "Steps: 20\nSeed", true),
            ("prompt.steps", "prompt\nSteps", true), (#"\Aprompt"#, "x\nprompt", false), (#"end\Z"#, "end\n", false),
            (#"end\Z"#, "the end", true), (#"(?P<word>ab)(?P=word)"#, "abab", true), ("a{,2}b", "b", true),
            ("^a{,2}b$", "aaab", false), (#"[\]Z]"#, "z", true), ("[]a]", "]", true), (#"\u00e9"#, "É", true),
            (#"\U0001F600"#, "😀", true), ("(?u)x", "x", true), ("(?au:x)", "X", true), (#"\w+é"#, "üé", true),
            (#"\d"#, "٣", true), ("(?-i:A)", "a", false), ("", "", true), ("x*", "", true), (#"\(*"#, "((", true),
            ("[(*)]", "*", true), (#"a\b"#, "a b", true),
        ]
    )
    func python(pattern: String, text: String, found: Bool) throws {
        #expect(try isFound(pattern, text) == found)
    }

    @Test(
        "What is no pattern is refused with the place",
        arguments: [
            "(", "a)", "[a", "*a", "(*ACCEPT)", "(?P<x", "a{2,1}", #"\"#, "(?<=a*)b", "(?P=x)", "(*LIMIT_MATCH=1)",
        ]
    )
    func invalid(pattern: String) {
        let error = #expect(throws: MediaQueryError.self) { try TextPattern(pattern) }
        guard case .invalidPattern(let message) = error else {
            Issue.record("\(pattern): \(String(describing: error))")
            return
        }
        #expect(message.contains("position"))
    }

    @Test("The place in the message counts the characters of the pattern as it was given")
    func position() {
        let error = #expect(throws: MediaQueryError.self) { try TextPattern(#"éé\Z\Z("#) }
        guard case .invalidPattern(let message) = error else { return }
        #expect(message.hasSuffix("at position 7"))
    }

    @Test("A pattern that is too long is refused")
    func long() {
        let pattern = String(repeating: "a", count: TextPattern.lengthLimit + 1)
        #expect(throws: MediaQueryError.self) { try TextPattern(pattern) }
        #expect(throws: Never.self) { try TextPattern(String(pattern.dropLast())) }
    }

    @Test(
        "Patterns that would take for ever are given up soon",
        arguments: ["(a+)+$", "(a|aa)+$", "(a*)*b", "^(a?){40}a{40}$", "(.*)*x", #"(\w+\s?)+$|(?:a|a?)+z"#]
    )
    func bombs(pattern: String) throws {
        let text = String(repeating: "a", count: 4000) + "!"
        let matcher = try PatternMatcher(TextPattern(pattern))
        let start = ContinuousClock.now
        do {
            _ = try matcher.matches(text)
        } catch { #expect(error == .patternTooSlow) }
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(try matcher.matches("aaaaaaaa") == matcher.matches("aaaaaaaa"))
    }

    @Test("At least one of the worst is told of")
    func tooSlow() throws {
        let matcher = try PatternMatcher(TextPattern("(a|aa|aaa)+$"))
        #expect(throws: MediaQueryError.patternTooSlow) {
            try matcher.matches(String(repeating: "a", count: 4000) + "!")
        }
    }

    @Test("Bytes that are no UTF-8 match nothing and break nothing")
    func bytes() throws {
        let matcher = try PatternMatcher(TextPattern("b.d"))
        let text: [UInt8] = [0xFF, 0x62, 0xC3, 0x64, 0x62, 0x63, 0x64, 0x80]
        #expect(try text.withUnsafeBytes { try matcher.matches($0) })
        #expect(try !text.dropLast(3).withUnsafeBytes { try matcher.matches($0) })
    }

    @Test("Random bytes as patterns are taken or refused, never fatal", arguments: [UInt64.random(in: 0 ... .max)])
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let letters = Array(#"ab(?P<>=*)[]{}\,1+|^$.Zué:-i"#)
        for _ in 0..<5000 {
            let count = Int.random(in: 0...12, using: &generator)
            let pattern = String((0..<count).map { _ in letters[Int.random(in: letters.indices, using: &generator)] })
            guard let compiled = try? TextPattern(pattern), let matcher = try? PatternMatcher(compiled) else {
                continue
            }
            _ = try? matcher.matches("ab Zu é 1 (b)")
        }
    }
}
