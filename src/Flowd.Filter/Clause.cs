namespace Flowd.Filter;

/// <summary>One clause of a rule: the value that a record must have or, if negated, must not have.</summary>
public readonly record struct Clause<T>(T Value, bool Negated = false);
