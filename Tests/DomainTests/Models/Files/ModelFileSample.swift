@testable import Domain

/// Model files, made byte by byte.
enum ModelFileSample {
    /// A value of GGUF.
    enum Value {
        case text(String)
        case uint32(UInt32)
        case flag(Bool)
        case float64(Double)
        case texts([String])
        case numbers([UInt16])
        case lists([[UInt16]])
    }

    /// A safetensors file with this header.
    static func safetensors(header: String, body: Int = 0) -> [UInt8] {
        bytes(UInt64(header.utf8.count), bigEndian: false) + Array(header.utf8) + [UInt8](repeating: 7, count: body)
    }

    /// A safetensors file with these texts among some tensors.
    static func safetensors(_ texts: [(String, String)], tensors: Int = 2) -> [UInt8] {
        let members = texts.map { "\(JSON.string($0).text):\(JSON.string($1).text)" }.joined(separator: ",")
        let rest = (0..<tensors).map {
            ",\"layer.\($0).weight\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}"
        }
        return safetensors(header: "{\"__metadata__\":{\(members)}\(rest.joined())}", body: 4)
    }

    /// A GGUF file of these key-values.
    static func gguf(
        version: UInt32 = 3,
        isBigEndian: Bool = false,
        count: Int? = nil,
        _ values: [(String, Value)]
    ) -> [UInt8] {
        func number(_ value: some FixedWidthInteger) -> [UInt8] { bytes(value, bigEndian: isBigEndian) }
        func length(_ value: Int) -> [UInt8] { version == 1 ? number(UInt32(value)) : number(UInt64(value)) }
        func text(_ text: String) -> [UInt8] { length(text.utf8.count) + Array(text.utf8) }
        var file = Array("GGUF".utf8) + number(version) + length(2) + length(count ?? values.count)
        for (key, value) in values {
            file += text(key)
            switch value {
            case .text(let value): file += number(UInt32(8)) + text(value)
            case .uint32(let value): file += number(UInt32(4)) + number(value)
            case .flag(let value): file += number(UInt32(7)) + [value ? 1 : 0]
            case .float64(let value): file += number(UInt32(12)) + number(value.bitPattern)
            case .texts(let values):
                file += number(UInt32(9)) + number(UInt32(8)) + length(values.count) + values.flatMap(text)
            case .numbers(let values):
                file += number(UInt32(9)) + number(UInt32(2)) + length(values.count) + values.flatMap(number)
            case .lists(let values):
                file += number(UInt32(9)) + number(UInt32(9)) + length(values.count)
                for list in values { file += number(UInt32(2)) + length(list.count) + list.flatMap(number) }
            }
        }
        return file
    }

    private static func bytes(_ value: some FixedWidthInteger, bigEndian: Bool) -> [UInt8] {
        withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
    }

    /// Reads a copy of exactly these bytes on the heap, so that a sanitizer sees a read past them.
    static func read(_ bytes: some Sequence<UInt8>) -> ModelFileInfo {
        Array(bytes).withUnsafeBytes { bytes in
            var source = ByteSource(bytes)
            return ModelFileInfo.read(&source)
        }
    }

    static let nothing = ModelFileInfo([:])
}
