namespace Flowd.Decode;

/// <summary>
/// The header of a message, as far as records want it. Uptime in ms; the time of export in seconds since 1970 and nanoseconds.
/// Announced is what the second word says: a number of records, or for IPFIX the length of the message in octets.
/// </summary>
internal readonly record struct MessageHeader(
    ushort Version,
    ushort Announced,
    uint SystemUptime = 0,
    uint ExportSeconds = 0,
    uint ExportNanoseconds = 0,
    uint Sequence = 0,
    uint Domain = 0);
