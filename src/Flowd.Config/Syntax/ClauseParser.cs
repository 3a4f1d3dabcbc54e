using System;
using System.Collections.Generic;
using Flowd.Config.Text;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>Reads single clauses of rules: a method for each kind, found by the first word. Remembers where each condition stood.</summary>
internal sealed class ClauseParser(TokenStream tokens, ValueReader values)
{
    private delegate Condition ReadClause(ClauseParser parser, ClauseScope scope);

    /// <summary>What belongs to one end of a flow.</summary>
    private readonly record struct EndFields(AddressField Address, NumberField Port, NumberField? As = null, NumberField? Mask = null);

    private static readonly EndFields Source = new(AddressField.Source, NumberField.SourcePort, NumberField.SourceAs, NumberField.SourceMask);
    private static readonly EndFields Destination = new(AddressField.Destination, NumberField.DestinationPort, NumberField.DestinationAs, NumberField.DestinationMask);
    private static readonly EndFields NatSource = new(AddressField.NatSource, NumberField.NatSourcePort);
    private static readonly EndFields NatDestination = new(AddressField.NatDestination, NumberField.NatDestinationPort);

    private static readonly Dictionary<string, ReadClause> Clauses = new(StringComparer.Ordinal)
    {
        ["agent"] = static (p, scope) => p.ReadAddress(scope, AddressField.Agent, allowsAny: false),
        ["in_ifndx"] = static (p, scope) => p.ReadNumbers(scope, NumberField.InputInterface),
        ["out_ifndx"] = static (p, scope) => p.ReadNumbers(scope, NumberField.OutputInterface),
        ["inet"] = static (p, scope) => p.ReadFamily(scope, AddressFamily.IPv4),
        ["inet6"] = static (p, scope) => p.ReadFamily(scope, AddressFamily.IPv6),
        ["src"] = static (p, scope) => p.ReadEnd(scope, Source),
        ["dst"] = static (p, scope) => p.ReadEnd(scope, Destination),
        ["either"] = static (p, scope) => p.ReadEither(scope),
        ["as"] = static (p, scope) => p.ReadOfEither(scope, "as", NumberField.SourceAs, NumberField.DestinationAs),
        ["mask"] = static (p, scope) => p.ReadOfEither(scope, "mask", NumberField.SourceMask, NumberField.DestinationMask),
        ["nexthop"] = static (p, scope) => p.ReadAddress(scope, AddressField.NextHop, allowsAny: false),
        ["bgp_nexthop"] = static (p, scope) => p.ReadAddress(scope, AddressField.BgpNextHop, allowsAny: false),
        ["proto"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Protocol),
        ["tos"] = static (p, scope) => p.ReadNumbers(scope, NumberField.TypeOfService),
        ["tcp_flags"] = static (p, scope) => p.ReadTcpFlags(scope),
        ["packets"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Packets),
        ["octets"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Octets),
        ["duration"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Duration),
        ["bps"] = static (p, scope) => p.ReadNumbers(scope, NumberField.BitRate),
        ["pps"] = static (p, scope) => p.ReadNumbers(scope, NumberField.PacketRate),
        ["version"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Version),
        ["vlan"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Vlan),
        ["mac"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Mac),
        ["sampling"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Sampling),
        ["direction"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Direction),
        ["mpls"] = static (p, scope) => p.ReadNumbers(scope, NumberField.MplsLabel),
        ["nat"] = static (p, scope) => p.ReadNat(scope),
        ["app"] = static (p, scope) => p.ReadNumbers(scope, NumberField.Application),
        ["icmp"] = static (p, scope) => p.ReadIcmp(scope),
        ["ie"] = static (p, _) => p.ReadElement(),
        ["days"] = static (p, scope) => p.ReadDays(scope),
        ["after"] = static (p, scope) => p.ReadWindowEnd(scope, isAfter: true),
        ["before"] = static (p, scope) => p.ReadWindowEnd(scope, isAfter: false),
    };

    private readonly Dictionary<Condition, Token> _positions = new(ReferenceEqualityComparer.Instance);
    private Token _keyword;

    public static IEnumerable<string> All => Clauses.Keys;

    /// <summary>True for a word that begins a clause.</summary>
    public static bool IsClause(string word) => Clauses.ContainsKey(word);

    public static bool Begins(Token token) => token.Kind is TokenKind.Keyword or TokenKind.Word && IsClause(token.Text);

    /// <summary>Forgets the rule before.</summary>
    public void Clear() => _positions.Clear();

    /// <summary>The first word of the clause that a condition comes from.</summary>
    public Token PositionOf(Condition condition) => _positions.GetValueOrDefault(condition, _keyword);

    /// <summary>Reads one clause and puts what it asks beside the others.</summary>
    public void Read(ClauseScope scope)
    {
        _keyword = tokens.Take();
        Condition read = Clauses[_keyword.Text](this, scope);
        Remember(read);
        scope.Parts.Add(read);
    }

    /// <summary>The same of a clause behind "not", which has nothing to do with those beside it.</summary>
    public Condition ReadAlone()
    {
        if (!Begins(tokens.Current))
        {
            tokens.Fail("a clause");
            return Condition.Always;
        }

        var scope = new ClauseScope();
        Read(scope);
        return Condition.All(scope.Parts);
    }

    private void Remember(Condition condition)
    {
        foreach (Condition part in condition.Tree())
            _positions.TryAdd(part, _keyword);
    }

    private void Enter(ClauseScope scope, string name)
    {
        if (!scope.TryEnter(name))
            tokens.Report(_keyword, $"\"{name}\" stands twice");
    }

    private Condition ReadNumbers(ClauseScope scope, NumberField field)
    {
        NumberFieldInfo info = NumberFields.Of(field);
        if (!info.MayRepeat)
            Enter(scope, info.Words);
        bool negated = tokens.AcceptPunctuation("!");
        return OppositeIf(negated, new NumberIn(field, values.ReadRanges(NumberForms.Of(field))));
    }

    private Condition ReadAddress(ClauseScope scope, AddressField field, bool allowsAny)
    {
        Enter(scope, AddressFields.WordsOf(field));
        return values.ReadAddresses(allowsAny, (prefixes, table) => new AddressIn(field, prefixes, table));
    }

    private FamilyIs ReadFamily(ClauseScope scope, AddressFamily family)
    {
        Enter(scope, "inet");
        return new FamilyIs(family);
    }

    // An address, and behind it or alone a port, an AS, a mask.
    private Condition ReadEnd(ClauseScope scope, EndFields end)
    {
        var parts = new List<Condition>();
        if (!BeginsEndField(end))
            parts.Add(ReadAddress(scope, end.Address, allowsAny: true));
        while (BeginsEndField(end))
        {
            string word = tokens.Take().Text;
            parts.Add(ReadNumbers(scope, word == "port" ? end.Port : word == "as" ? end.As!.Value : end.Mask!.Value));
        }

        return Condition.All(parts);
    }

    private bool BeginsEndField(EndFields end)
        => tokens.Current.Is(TokenKind.Keyword, "port") || (end.As is not null && (tokens.Current.Is(TokenKind.Word, "as") || tokens.Current.Is(TokenKind.Keyword, "mask")));

    // The one end, then the other, from the same words.
    private Condition ReadEither(ClauseScope scope)
    {
        Enter(scope, "either");
        if (tokens.Current.Is(TokenKind.Punctuation, "!"))
            tokens.Report(tokens.Current, "\"either !\" would be true of nearly every flow; write \"not either\"");
        Condition source = ReadEnd(new ClauseScope(), Source);
        return Condition.Any([source, EndMirror.Of(source)]);
    }

    private Condition ReadOfEither(ClauseScope scope, string word, NumberField source, NumberField destination)
    {
        Enter(scope, word);
        bool negated = tokens.AcceptPunctuation("!");
        RangeSet numbers = values.ReadRanges(NumberForms.Of(source));
        return OppositeIf(negated, Condition.Any([new NumberIn(source, numbers), new NumberIn(destination, numbers)]));
    }

    private Condition ReadTcpFlags(ClauseScope scope)
    {
        Enter(scope, "tcp_flags");
        byte mask = tokens.AcceptKeyword("mask") ? values.ReadOctet("mask") : FlagsIn.AllFlags;
        bool negated = tokens.AcceptPunctuation("!");
        tokens.ExpectKeyword("equals");
        return OppositeIf(negated, new FlagsIn(mask, values.ReadRanges(NumberForms.Flags)));
    }

    private Condition ReadNat(ClauseScope scope)
    {
        var parts = new List<Condition>();
        if (tokens.AcceptKeyword("src"))
            parts.Add(ReadEnd(scope, NatSource));
        if (tokens.AcceptKeyword("dst"))
            parts.Add(ReadEnd(scope, NatDestination));
        if (parts.Count == 0)
            tokens.Fail("\"src\" or \"dst\"");
        return Condition.All(parts);
    }

    private Condition ReadIcmp(ClauseScope scope)
    {
        bool negated = tokens.AcceptPunctuation("!");
        var parts = new List<Condition>();
        while (tokens.Current.Is(TokenKind.Word, "type") || tokens.Current.Is(TokenKind.Word, "code"))
            parts.Add(ReadNumbers(scope, tokens.Take().Text == "type" ? NumberField.IcmpType : NumberField.IcmpCode));
        if (parts.Count == 0)
            tokens.Fail("\"type\" or \"code\"");
        return OppositeIf(negated, Condition.All(parts));
    }

    private Condition ReadElement()
    {
        bool negated = tokens.AcceptPunctuation("!");
        Token name = tokens.ExpectString("the name of an information element");
        if (!InformationElements.TryFind(name.Text, out uint enterprise, out ushort id))
            tokens.Report(name, $"\"{name.Text}\" is not an information element: there are IANA's names, and e9id12235 for number 12235 of enterprise 9");
        bool differs = tokens.AcceptPunctuation("!");
        return OppositeIf(negated != differs, values.ReadElementValue(enterprise, id, needsOperator: !differs));
    }

    private DayIn ReadDays(ClauseScope scope)
    {
        Enter(scope, "days");
        return new DayIn(values.ReadDays());
    }

    private Condition ReadWindowEnd(ClauseScope scope, bool isAfter)
    {
        bool isDate = tokens.AcceptKeyword("date");
        Enter(scope, _keyword.Text + (isDate ? " date" : ""));
        return isDate ? ReadDate(scope, isAfter) : ReadTime(scope, isAfter);
    }

    private TimeIn ReadTime(ClauseScope scope, bool isAfter)
    {
        TimeOnly time = values.ReadTimeOfDay();
        TimeIn window = TakeOther(scope, new TimeIn(null, null));
        window = isAfter ? window with { After = time } : window with { Before = time };
        if (window.After == window.Before)
            ReportWindow("\"after\" and \"before\" are the same time");
        return window;
    }

    private DateIn ReadDate(ClauseScope scope, bool isAfter)
    {
        LocalTime date = values.ReadDate();
        DateIn window = TakeOther(scope, new DateIn(null, null));
        window = isAfter ? window with { After = date } : window with { Before = date };
        if (window.After >= window.Before)
            ReportWindow("\"before\" must be later than \"after\"");
        return window;
    }

    private void ReportWindow(string message)
    {
        if (!tokens.StatementHasErrors)
            tokens.Report(_keyword, message);
    }

    // The end that stood before, which this one completes.
    private static T TakeOther<T>(ClauseScope scope, T none)
        where T : Condition
    {
        int index = scope.IndexOf<T>();
        if (index < 0)
            return none;
        var other = (T)scope.Parts[index];
        scope.Parts.RemoveAt(index);
        return other;
    }

    private static Condition OppositeIf(bool negated, Condition condition) => negated ? Condition.Opposite(condition) : condition;
}
