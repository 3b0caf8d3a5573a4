import Domain
import HTTPTypes
import Hummingbird

/// An error answer of the assets API (contracts/comfy-assets.md §1.1): the envelope, and its code and message once more
/// at the top.
struct AssetsError: Error, Hashable, Sendable {
    /// One member that broke its rule.
    struct Fault: Hashable, Sendable {
        /// What kind of rule, for programs.
        var type: String
        /// The member.
        var name: String
        /// What is wrong, for people.
        var message: String
        /// What stood there.
        var input: String
    }

    var status: HTTPResponse.Status
    var code: String
    var message: String
    var faults: [Fault]

    /// 400 `INVALID_QUERY` with everything that is wrong.
    static func invalidQuery(_ faults: [Fault]) -> Self {
        Self(
            status: .badRequest,
            code: "INVALID_QUERY",
            message: faults.map { "\($0.name): \($0.message)" }.joined(separator: "; "),
            faults: faults
        )
    }

    /// The answer.
    var response: Response {
        .json(status: status) { writer in
            writer.field(
                "error",
                object: { writer in
                    writer.field("code", code)
                    writer.field("message", message)
                    writer.field(
                        "details",
                        object: { writer in
                            guard !faults.isEmpty else { return }
                            writer.field("errors", array: { for fault in faults { $0.value(fault) } })
                        }
                    )
                }
            )
            writer.field("code", code)
            writer.field("message", message)
        }
    }
}

extension JSONWriter {
    /// Writes `{type, loc, msg, input}`.
    fileprivate mutating func value(_ fault: AssetsError.Fault) {
        object {
            $0.field("type", fault.type)
            $0.field("loc", [fault.name])
            $0.field("msg", fault.message)
            $0.field("input", fault.input)
        }
    }
}
