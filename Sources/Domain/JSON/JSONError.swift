/// Why a text is no JSON that we read.
package enum JSONError: Error, Hashable, Sendable {
    /// Not JSON by RFC 8259; `offset` is the byte at which that showed.
    case syntax(offset: Int)
    /// Arrays and objects are nested deeper than allowed.
    case tooDeep
}
