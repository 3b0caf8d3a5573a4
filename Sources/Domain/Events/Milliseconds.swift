/// A point in time or a duration in whole milliseconds; points count from 1970-01-01 UTC.
///
/// The unit of every time in the native protocol (contracts/realtime.md, "Types").
package typealias Milliseconds = Int
