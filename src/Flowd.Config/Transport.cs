namespace Flowd.Config;

/// <summary>What carries flow exports (RFC 7011 section 10).</summary>
public enum Transport : byte
{
    Udp,
    Tcp,
    Tls,
}
