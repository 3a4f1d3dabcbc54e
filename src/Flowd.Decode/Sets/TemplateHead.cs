namespace Flowd.Decode.Sets;

/// <summary>What stands before the fields of a template. IsExtentKnown: false if where the next template begins cannot be told.</summary>
internal readonly record struct TemplateHead(ushort Id, bool IsOptions)
{
    public int FieldCount { get; init; }
    public int ScopeCount { get; init; }
    public DecodeError Error { get; init; } = DecodeError.None;
    public bool IsExtentKnown { get; init; } = true;
}
