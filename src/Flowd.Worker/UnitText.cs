using Flowd.Decode;

namespace Flowd.Worker;

/// <summary>What sequence numbers count, as messages call it.</summary>
internal static class UnitText
{
    public static string Of(SequenceUnit unit) => unit switch
    {
        SequenceUnit.Flows => "flows",
        SequenceUnit.Datagrams => "datagrams",
        SequenceUnit.Records => "records",
        _ => "units",
    };
}
