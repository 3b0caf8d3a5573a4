/// Another program listens on the address.
package struct AddressInUse: Error, CustomStringConvertible {
    let address: String

    package var description: String { "another program listens on \(address) already; choose another with --port" }
}
