/// One of the properties that turn a picture of AVIF or HEIF (ISO/IEC 23008-12 §6.5.10, §6.5.12).
enum ISOTurn: Hashable {
    /// `irot`: so many quarters counter-clockwise.
    case quarters(Int)
    /// `imir`, 0: top and bottom change places.
    case upsideDown
    /// `imir`, 1: left and right change places.
    case mirrored

    /// The turn in a property's box; `nil` for other properties.
    init?(_ source: inout ByteSource, _ box: ISOBox) {
        guard !box.body.isEmpty, let value = source.byte(box.body.lowerBound) else { return nil }
        switch box.type {
        case 0x6972_6F74: self = .quarters(Int(value & 3))
        case 0x696D_6972: self = value & 1 == 0 ? .upsideDown : .mirrored
        default: return nil
        }
    }

    /// What turns come to, one after another.
    struct Sum {
        /// Quarters counter-clockwise, and then whether left and right change places.
        private var quarters = 0
        private var isMirrored = false

        mutating func add(_ turn: ISOTurn) {
            switch turn {
            case .quarters(let number):
                // In a mirror it turns the other way.
                quarters += isMirrored ? 4 - number : number
            case .upsideDown:
                quarters += 2
                isMirrored.toggle()
            case .mirrored: isMirrored.toggle()
            }
            quarters &= 3
        }

        var orientation: Orientation {
            let plain: [Orientation] = [.up, .left, .down, .right]
            let mirrored: [Orientation] = [.upMirrored, .rightMirrored, .downMirrored, .leftMirrored]
            return (isMirrored ? mirrored : plain)[quarters]
        }
    }
}
