using System.Runtime.Intrinsics.X86;

namespace Flowd.Store.Copying;

/// <summary>How records are copied, the faster the later.</summary>
internal enum CopyWay
{
    /// <summary>On any processor.</summary>
    Portable,

    /// <summary>16 octets at a time, with the checksum of the octets that differ from record to record.</summary>
    Blocks,

    /// <summary>64 octets at a time: <see cref="WideCopier"/>.</summary>
    Wide,
}

internal static class CopyWays
{
    /// <summary>The best that this program has for this processor.</summary>
    public static CopyWay Best => WideCopier.IsSupported ? CopyWay.Wide : Ssse3.IsSupported && SparseChecksum.IsSupported ? CopyWay.Blocks : CopyWay.Portable;
}
