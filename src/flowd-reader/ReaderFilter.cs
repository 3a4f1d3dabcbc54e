using System;
using Flowd.Records;

namespace Flowd.Reader;

/// <summary>The rule file of -f: which records are kept, how they are tagged, and which sections are printed and written.</summary>
internal sealed class ReaderFilter
{
    /// <summary>What the store lines name; everything if there is none.</summary>
    public LogFields Stored { get; } = LogFields.All;

    public static ReaderFilter? Load(string path, Options options, Messages messages) => throw new NotSupportedException();

    public bool Accepts(ref FlowRecord record) => Stored != LogFields.None;

    public void PrintCounters(Messages messages)
        => messages.Line(Stored.ToString());
}
