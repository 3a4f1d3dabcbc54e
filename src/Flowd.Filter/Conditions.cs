using System;
using Flowd.Records;

namespace Flowd.Filter;

/// <summary>One of the numbers that the flow has for the field is in the set.</summary>
public sealed record NumberIn(NumberField Field, RangeSet Numbers) : Condition;

/// <summary>The address is in the set, which the table of that name has where there is one.</summary>
public sealed record AddressIn(AddressField Field, PrefixSet Prefixes, string? Table = null) : Condition;

/// <summary>The source or the destination is of that family.</summary>
public sealed record FamilyIs(AddressFamily Family) : Condition;

/// <summary>The TCP flags, of which those under the mask count, are one of the numbers.</summary>
public sealed record FlagsIn(byte Mask, RangeSet Numbers) : Condition
{
    /// <summary>The mask where none is written.</summary>
    public const byte AllFlags = 0xFF;
}

/// <summary>
/// An information element that has no place of its own in a record (LogFields.Other) has one of the numbers as its value. Of several elements of that
/// kind any will do, here and in the conditions below.
/// </summary>
public sealed record ElementIn(uint Enterprise, ushort Id, RangeSet Numbers) : Condition;

/// <summary>Its value is an address in the set.</summary>
public sealed record ElementAddressIn(uint Enterprise, ushort Id, PrefixSet Prefixes, string? Table = null) : Condition;

/// <summary>Its value is that text; zeros behind it are padding.</summary>
public sealed record ElementIs(uint Enterprise, ushort Id, string Text) : Condition;

/// <summary>The local day of reception.</summary>
public sealed record DayIn(DaySet Days) : Condition;

/// <summary>
/// The local time of day of reception, to the second; the ends match. One end may be missing: then it goes from or to midnight. From a later to an
/// earlier time it goes over midnight.
/// </summary>
public sealed record TimeIn(TimeOnly? After, TimeOnly? Before) : Condition
{
    public bool IsOverMidnight => After > Before;
}

/// <summary>The local date and time of reception; the ends do not match, and one may be missing.</summary>
public sealed record DateIn(LocalTime? After, LocalTime? Before) : Condition;
