using Flowd.Decode.Fixed;
using Flowd.Decode.NetFlow1;
using Flowd.Decode.NetFlow5;
using Flowd.Decode.NetFlow7;
using Flowd.Decode.NetFlow8;
using Flowd.Decode.SFlow;
using Flowd.Decode.Sets;

namespace Flowd.Decode;

/// <summary>Which decoder speaks which version. The version word is the first thing in every datagram.</summary>
internal static class VersionTable
{
    private static readonly MessageDecoder?[] ByVersion = new MessageDecoder?[11]
    {
        new SFlowDecoder(), // its version has two words, of which this is the first
        new FixedDecoder(NetFlow1Format.Format),
        null,
        null,
        null,
        new FixedDecoder(NetFlow5Format.Format),
        null,
        new FixedDecoder(NetFlow7Format.Format),
        new NetFlow8Decoder(),
        new SetDecoder(SetDialect.NetFlow9),
        new SetDecoder(SetDialect.Ipfix),
    };

    /// <summary>The decoder of a version, or null if we do not speak it.</summary>
    public static MessageDecoder? Find(ushort version) => version < ByVersion.Length ? ByVersion[version] : null;
}
