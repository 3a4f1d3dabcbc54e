namespace Flowd.Filter;

/// <summary>What becomes of a record: it is stored, or it is dropped.</summary>
public enum FilterAction : byte
{
    Accept,
    Discard,
}
