namespace Flowd.Config;

/// <summary>
/// The paths of PEM files (RFC 7468): our certificate, those between it and its root behind it; its private key; and the roots that certificates
/// of exporters must lead to, null to take every exporter.
/// </summary>
public sealed record TlsFiles(string Certificate, string Key, string? Clients);
