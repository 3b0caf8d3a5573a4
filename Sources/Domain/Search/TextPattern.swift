import CPCRE2

/// A regular expression in Python's syntax, compiled once and searched for in many texts: case is ignored, `^` and `$`
/// stand at every line, and `.` is also a line break (contracts/iib.md §4).
///
/// It is PCRE2 that searches, which may take steps without end for some patterns; so steps, depth and memory are
/// bounded, and who searches many texts asks a ``Deadline`` between them.
package final class TextPattern: Sendable {
    /// The greatest length of a pattern in bytes.
    package static let lengthLimit = 10_000

    /// Compiled, and never changed afterwards: PCRE2 lets any number of threads match with it.
    nonisolated(unsafe) let code: OpaquePointer

    /// Compiles a pattern; throws ``MediaQueryError/invalidPattern(_:)`` with PCRE2's words and the place.
    package init(_ pattern: String) throws(MediaQueryError) {
        let source = try PythonPattern(pattern)
        let options =
            PCRE2_CASELESS | PCRE2_MULTILINE | PCRE2_DOTALL | PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF
            | PCRE2_NEVER_BACKSLASH_C
        var error: Int32 = 0
        var place = 0
        let compiled = source.bytes.withUnsafeBufferPointer { bytes in
            pcre2_compile_8(bytes.baseAddress, bytes.count, options, &error, &place, nil)
        }
        guard let compiled else {
            throw .invalidPattern("\(Self.message(error)) at position \(source.position(ofByte: place))")
        }
        code = compiled
        // Without the compiler, on a machine that forbids one, the interpreter searches.
        _ = pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
    }

    deinit { pcre2_code_free_8(code) }

    private static func message(_ error: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(error, &text, text.count)
        return String(decoding: text.prefix(Int(max(0, length))), as: UTF8.self)
    }
}

/// Searches for a ``TextPattern`` in one text after the other, on one thread at a time.
package final class PatternMatcher {
    /// Steps within one text: some milliseconds.
    private static let stepLimit: UInt32 = 1_000_000
    private static let depthLimit: UInt32 = 20_000
    /// KiB, for the interpreter.
    private static let heapLimit: UInt32 = 16_384
    /// The stack of compiled code at first and at most, in bytes.
    private static let stackSizes = (32 * 1024, 512 * 1024)

    private let pattern: TextPattern
    private let data: OpaquePointer
    private let context: OpaquePointer
    private let stack: OpaquePointer?

    /// A matcher; throws ``MediaQueryError/patternTooSlow`` when there is no memory for one.
    package init(_ pattern: TextPattern) throws(MediaQueryError) {
        guard let data = pcre2_match_data_create_8(1, nil) else { throw .patternTooSlow }
        guard let context = pcre2_match_context_create_8(nil) else {
            pcre2_match_data_free_8(data)
            throw .patternTooSlow
        }
        self.pattern = pattern
        self.data = data
        self.context = context
        pcre2_set_match_limit_8(context, Self.stepLimit)
        pcre2_set_depth_limit_8(context, Self.depthLimit)
        pcre2_set_heap_limit_8(context, Self.heapLimit)
        stack = pcre2_jit_stack_create_8(Self.stackSizes.0, Self.stackSizes.1, nil)
        if let stack { pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
    }

    deinit {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
        if let stack { pcre2_jit_stack_free_8(stack) }
    }

    /// Whether the pattern is found in the text; bytes that are no UTF-8 match nothing.
    ///
    /// Throws ``MediaQueryError/patternTooSlow`` when it takes more than a text may.
    package func matches(_ text: UnsafeRawBufferPointer) throws(MediaQueryError) -> Bool {
        var result = search(text, 0)
        // The stack of compiled code is small; the interpreter has its memory elsewhere.
        if result == PCRE2_ERROR_JIT_STACKLIMIT { result = search(text, PCRE2_NO_JIT) }
        if result >= 0 { return true }
        switch result {
        case PCRE2_ERROR_NOMATCH: return false
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_NOMEMORY,
            PCRE2_ERROR_JIT_STACKLIMIT, PCRE2_ERROR_RECURSELOOP:
            throw .patternTooSlow
        default: return false
        }
    }

    /// Whether the pattern is found in the text; throws as ``matches(_:)-(UnsafeRawBufferPointer)``.
    package func matches(_ text: String) throws(MediaQueryError) -> Bool {
        var text = text
        let result = text.withUTF8 { bytes in
            Result { () throws(MediaQueryError) in try matches(UnsafeRawBufferPointer(bytes)) }
        }
        return try result.get()
    }

    private func search(_ text: UnsafeRawBufferPointer, _ options: UInt32) -> Int32 {
        // An empty text may lie nowhere, which PCRE2 takes for a mistake of ours.
        guard let start = text.baseAddress, !text.isEmpty else {
            return withUnsafeBytes(of: UInt8(0)) {
                pcre2_match_8(pattern.code, address($0), 0, 0, options, data, context)
            }
        }
        return start.withMemoryRebound(to: UInt8.self, capacity: text.count) {
            pcre2_match_8(pattern.code, $0, text.count, 0, options, data, context)
        }
    }

    private func address(_ bytes: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
        bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    }
}
