namespace Flowd.Config;

/// <summary>An AF_UNIX datagram socket that records are sent to as they come. BufferSize: octets, null for the system's default.</summary>
public sealed record LogSocket(string Path, int? BufferSize);
