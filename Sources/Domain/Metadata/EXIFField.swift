/// One field of EXIF: a tag and its value (EXIF 2.32 §4.6).
package struct EXIFField: Hashable, Sendable {
    /// A value by its type in the file.
    package enum Value: Hashable, Sendable {
        /// ASCII, up to the first zero byte; bytes that are not UTF-8 are read as Latin-1.
        case text(String)
        /// BYTE and UNDEFINED.
        case bytes([UInt8])
        /// SHORT, LONG, SSHORT, SLONG.
        case integers([Int])
        /// RATIONAL and SRATIONAL: numerator and denominator.
        case rationals([Rational])
        /// FLOAT and DOUBLE.
        case reals([Double])
    }

    /// A fraction as the file holds it; the denominator may be 0.
    package struct Rational: Hashable, Sendable {
        package var numerator: Int
        package var denominator: Int

        package init(_ numerator: Int, _ denominator: Int) {
            self.numerator = numerator
            self.denominator = denominator
        }
    }

    /// Which list of fields it stood in.
    package enum Directory: Hashable, Sendable {
        case image
        case exif
        case gps
    }

    package var directory: Directory
    /// The tag's number, such as 37510 for UserComment.
    package var tag: Int
    package var value: Value
    /// Whether numbers of the file are little-endian; a UserComment in UTF-16 may follow it.
    package var isLittleEndian: Bool

    package init(directory: Directory, tag: Int, value: Value, isLittleEndian: Bool) {
        self.directory = directory
        self.tag = tag
        self.value = value
        self.isLittleEndian = isLittleEndian
    }
}
