using System.Runtime.CompilerServices;
using Flowd.Records;

namespace Flowd.Store.Copying;

/// <summary>The copiers of one log, by layout and by the family of the exporter's address. They go with their layouts, but for the last one's.</summary>
internal sealed class CopierCache(LogFields mask, CopyWay way)
{
    private const int Families = 1 + (int)AddressFamily.IPv6;

    private readonly ConditionalWeakTable<WireLayout, RecordCopier?[]> _copiers = [];
    private WireLayout? _last; // most often the next one, too
    private RecordCopier?[] _ofLast = [];

    /// <summary>The copier for the records of a message, about to begin with them.</summary>
    public RecordCopier Begin(WireLayout layout, in FlowRecord blank)
    {
        if (layout != _last)
            (_last, _ofLast) = (layout, _copiers.GetValue(layout, static _ => new RecordCopier?[Families]));
        ref RecordCopier? copier = ref _ofLast[(int)blank.AgentAddress.Family];
        copier ??= new RecordCopier(layout, mask, in blank, way);
        copier.Begin(in blank);
        return copier;
    }
}
