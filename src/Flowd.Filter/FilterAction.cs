namespace Flowd.Filter;

/// <summary>What becomes of a record: it is stored, or it is dropped.</summary>
public enum FilterAction : byte
{
    Accept,
    Discard,

    /// <summary>Only of rules: it decides nothing, but its tags stay with the flow.</summary>
    Match,
}
