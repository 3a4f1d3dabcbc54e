using System.Linq;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

/// <summary>What is asked of the source, asked of the destination.</summary>
internal static class EndMirror
{
    public static Condition Of(Condition source) => source switch
    {
        AllOf all => Condition.All(all.Parts.Select(Of)),
        AnyOf any => Condition.Any(any.Parts.Select(Of)),
        Not not => Condition.Opposite(Of(not.Part)),
        AddressIn address => address with { Field = AddressField.Destination },
        NumberIn number => number with { Field = Of(number.Field) },
        _ => source,
    };

    private static NumberField Of(NumberField source) => source switch
    {
        NumberField.SourcePort => NumberField.DestinationPort,
        NumberField.SourceAs => NumberField.DestinationAs,
        NumberField.SourceMask => NumberField.DestinationMask,
        _ => source,
    };
}
