import Domain
import HTTPTypes
import OrderedCollections

/// One thing that is wrong with a request, as FastAPI and pydantic 2 say it in the `detail` of a 422.
struct IIBFault: Hashable, Sendable {
    /// What kind of fault it is, for programs, such as `missing`.
    var type: String
    /// Where it is: `body` or `query`, then names and numbers inward.
    var place: [JSON]
    /// What is wrong, for people.
    var message: String
    /// What stood there.
    var input: JSON
    /// What more there is to know.
    var context: JSON?

    private init(_ type: String, _ place: [JSON], _ message: String, _ input: JSON) {
        self.type = type
        self.place = place
        self.message = message
        self.input = input
    }

    /// A required member is not there; `input` is the object that lacks it.
    static func missing(_ place: [JSON], in input: JSON) -> Self {
        Self("missing", place, "Field required", input)
    }

    /// The body is no JSON object.
    static func notObject(_ input: JSON) -> Self {
        Self(
            "model_attributes_type",
            ["body"],
            "Input should be a valid dictionary or object to extract fields from",
            input
        )
    }

    /// The body is no JSON; the position counts characters from 0.
    static func notJSON(at position: Int, _ reason: String) -> Self {
        var fault = Self("json_invalid", ["body", .int(Int64(position))], "JSON decode error", [:])
        fault.context = ["error": .string(reason)]
        return fault
    }

    static func notString(_ place: [JSON], _ input: JSON) -> Self {
        Self("string_type", place, "Input should be a valid string", input)
    }

    static func notList(_ place: [JSON], _ input: JSON) -> Self {
        Self("list_type", place, "Input should be a valid list", input)
    }

    static func notInteger(_ place: [JSON], _ input: JSON) -> Self {
        Self("int_type", place, "Input should be a valid integer", input)
    }

    static func fraction(_ place: [JSON], _ input: JSON) -> Self {
        Self("int_from_float", place, "Input should be a valid integer, got a number with a fractional part", input)
    }

    /// A number that is none, or infinite; JSON has no word for it, so `null` stands for what was there.
    static func notFinite(_ place: [JSON], _ input: JSON) -> Self {
        Self("finite_number", place, "Input should be a finite number", input)
    }

    static func unreadableInteger(_ place: [JSON], _ input: JSON) -> Self {
        Self("int_parsing", place, "Input should be a valid integer, unable to parse string as an integer", input)
    }

    static func hugeInteger(_ place: [JSON], _ input: JSON) -> Self {
        Self(
            "int_parsing_size",
            place,
            "Unable to parse input string as an integer, exceeded maximum size",
            input
        )
    }

    static func notNumber(_ place: [JSON], _ input: JSON) -> Self {
        Self("float_type", place, "Input should be a valid number", input)
    }

    static func unreadableNumber(_ place: [JSON], _ input: JSON) -> Self {
        Self("float_parsing", place, "Input should be a valid number, unable to parse string as a number", input)
    }

    static func notBoolean(_ place: [JSON], _ input: JSON) -> Self {
        Self("bool_type", place, "Input should be a valid boolean", input)
    }

    static func unreadableBoolean(_ place: [JSON], _ input: JSON) -> Self {
        Self("bool_parsing", place, "Input should be a valid boolean, unable to interpret input", input)
    }

    /// `{type, loc, msg, input[, ctx]}`.
    var json: JSON {
        var json: JSON = [
            "type": .string(type), "loc": .array(place), "msg": .string(message), "input": input,
        ]
        if let context, case .object(var members) = json {
            members["ctx"] = context
            json = .object(members)
        }
        return json
    }
}

extension IIBError {
    /// 422 with everything that is wrong.
    init(_ faults: [IIBFault]) {
        self.init(.unprocessableContent, .array(faults.map(\.json)))
    }
}
