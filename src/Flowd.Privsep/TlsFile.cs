namespace Flowd.Privsep;

/// <summary>What is in a file that a `listen on` line with TLS names.</summary>
public enum TlsFileKind : byte
{
    /// <summary>Our certificate.</summary>
    Certificate,

    /// <summary>Its private key.</summary>
    Key,

    /// <summary>The roots of the certificates of exporters.</summary>
    Clients,
}

/// <summary>Which file of which line it is, as one number.</summary>
/// <param name="Line">The number of the `listen on` line, from 0.</param>
/// <param name="Kind">What is in it.</param>
public readonly record struct TlsFile(int Line, TlsFileKind Kind)
{
    private const int KindBits = 2;

    public uint Number => (uint)Line << KindBits | (uint)Kind;

    public static TlsFile Of(uint number) => new((int)(number >> KindBits), (TlsFileKind)(number & ((1 << KindBits) - 1)));
}
