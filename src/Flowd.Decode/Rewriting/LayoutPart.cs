using Flowd.Decode.Fixed;
using Flowd.Decode.State;

namespace Flowd.Decode.Rewriting;

/// <summary>
/// Where in a datagram records stand, in octets from its start, and of what form they are: those of a template, or those of a fixed format, each
/// RecordLength long. Of neither: octets that belong to nothing.
/// </summary>
internal readonly record struct LayoutPart(int Offset, int Length)
{
    public Template? Template { get; init; }
    public FixedFormat? Format { get; init; }
    public int RecordLength { get; init; }
}
