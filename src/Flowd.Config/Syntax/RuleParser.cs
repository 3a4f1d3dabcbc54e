using System;
using Flowd.Config.Text;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>
/// Reads a rule: accept or discard, then the clauses in the order of the table, each at most once, or "all" in their place.
/// </summary>
internal sealed class RuleParser(TokenStream tokens, ValueReader values, ConfigurationDraft draft)
{
    private delegate FilterRule ReadClause(RuleParser parser, FilterRule rule, Token keyword);

    private const string Family = "inet";
    private const string Element = "ie";

    private static readonly (string Keyword, ReadClause Read)[] Clauses =
    [
        ("tag", static (p, rule, _) => rule with { Tag = (uint)p.Values.ReadNumber("a tag", 0, uint.MaxValue) }),
        ("quick", static (_, rule, _) => rule with { Quick = true }),
        ("agent", static (p, rule, _) => rule with { Agent = p.Values.ReadClause(p.Values.ReadPrefix) }),
        ("in_ifndx", static (p, rule, _) => rule with { InputInterface = p.ReadInterface() }),
        ("out_ifndx", static (p, rule, _) => rule with { OutputInterface = p.ReadInterface() }),
        (Family, static (p, rule, keyword) => rule with { Family = p.ReadFamily(keyword) }),
        ("src", static (p, rule, _) => rule with { Source = p.ReadEndpoint() }),
        ("dst", static (p, rule, _) => rule with { Destination = p.ReadEndpoint() }),
        ("proto", static (p, rule, _) => rule with { Protocol = p.Values.ReadClause(p.Values.ReadProtocol) }),
        ("tos", static (p, rule, _) => rule with { TypeOfService = p.Values.ReadClause(() => p.Values.ReadOctet("tos")) }),
        ("tcp_flags", static (p, rule, _) => rule with { TcpFlags = p.ReadTcpFlags() }),
        ("vlan", static (p, rule, _) => rule with { Vlan = p.Values.ReadClause(() => (ushort)p.Values.ReadNumber("a VLAN", 0, 4095)) }),
        ("mac", static (p, rule, _) => rule with { Mac = p.Values.ReadClause(p.Values.ReadMac) }),
        ("sampling", static (p, rule, _) => rule with { Sampling = p.ReadSampling() }),
        ("direction", static (p, rule, _) => rule with { Direction = p.Values.ReadClause(p.Values.ReadDirection) }),
        ("mpls", static (p, rule, _) => rule with { MplsLabel = p.Values.ReadClause(() => (uint)p.Values.ReadNumber("a label", 0, 1_048_575)) }),
        ("nat", static (p, rule, _) => rule with { Nat = p.ReadNat() }),
        ("app", static (p, rule, _) => rule with { Application = p.Values.ReadClause(p.Values.ReadApplication) }),
        ("icmp", static (p, rule, _) => rule with { Icmp = p.Values.ReadClause(p.ReadIcmp) }),
        (Element, static (p, rule, _) => rule with { Elements = rule.Elements.With(p.ReadElement()) }),
        ("days", static (p, rule, _) => rule with { Days = p.Values.ReadDays() }),
        ("after", static (p, rule, _) => p.ReadAfter(rule)),
        ("before", static (p, rule, _) => p.ReadBefore(rule)),
    ];

    // Where each clause stood in the present rule.
    private readonly Token?[] _seen = new Token?[Clauses.Length];

    private ValueReader Values => values;

    /// <summary>Reads what follows "accept" or "discard", to the end of the line.</summary>
    public void Read(Token action)
    {
        Array.Clear(_seen);
        var rule = new FilterRule { Action = action.Text == "accept" ? FilterAction.Accept : FilterAction.Discard };
        for (int clause = CurrentClause(); clause >= 0; clause = CurrentClause())
        {
            Token keyword = tokens.Take();
            CheckOrder(clause, keyword);
            rule = Clauses[clause].Read(this, rule, keyword);
        }

        if (CanBeAll() && tokens.AcceptKeyword("all"))
            tokens.EndStatement("end of line behind \"all\"");
        else
            tokens.EndStatement("a clause or end of line");
        if (!tokens.StatementHasErrors)
            RuleChecks.Run(rule, keyword => _seen[IndexOf(keyword)] ?? action, tokens);
        draft.Rules.Add(rule);
    }

    /// <summary>True for a word that begins a clause.</summary>
    public static bool IsClause(string word) => IndexOf(word) >= 0;

    private static int IndexOf(string keyword) => Array.FindIndex(Clauses, clause => clause.Keyword == keyword);

    // Only "inet" and "inet6" may come behind a "!".
    private int CurrentClause()
    {
        Token token = tokens.Current;
        if (token.Is(TokenKind.Punctuation, "!") || token.Is(TokenKind.Keyword, "inet6"))
            return IndexOf(Family);
        return token.Kind is TokenKind.Keyword or TokenKind.Word ? IndexOf(token.Text) : -1;
    }

    private bool CanBeAll() => Array.FindLastIndex(_seen, token => token is not null) <= IndexOf("quick");

    private void CheckOrder(int clause, Token keyword)
    {
        string name = Clauses[clause].Keyword;
        int later = Array.FindIndex(_seen, clause + 1, token => token is not null);
        if (_seen[clause] is not null && name != Element)
            tokens.Report(keyword, $"\"{name}\" stands twice");
        else if (later >= 0)
            tokens.Report(keyword, $"\"{name}\" must come before \"{Clauses[later].Keyword}\"");
        _seen[clause] = keyword;
    }

    private Clause<uint> ReadInterface()
        => values.ReadClause(() => (uint)values.ReadNumber("an interface index", 1, uint.MaxValue));

    private Clause<AddressFamily> ReadFamily(Token keyword)
    {
        bool negated = keyword.Kind == TokenKind.Punctuation;
        if (negated && !tokens.Current.Is(TokenKind.Keyword, Family) && !tokens.Current.Is(TokenKind.Keyword, "inet6"))
            tokens.Fail("\"inet\" or \"inet6\" behind \"!\"");
        string family = negated ? tokens.Take().Text : keyword.Text;
        return new Clause<AddressFamily>(family == Family ? AddressFamily.IPv4 : AddressFamily.IPv6, negated);
    }

    private EndpointClause ReadEndpoint()
    {
        Token start = tokens.Current;
        Clause<Prefix> network = values.ReadClause(values.ReadPrefixOrAny);
        if (network is { Negated: true, Value.IsAny: true } && !tokens.StatementHasErrors)
            tokens.Report(start, "\"! any\" matches nothing");
        return new EndpointClause(network, tokens.AcceptKeyword("port") ? values.ReadClause(values.ReadPort) : null);
    }

    private Clause<TcpFlagTest> ReadTcpFlags()
    {
        byte mask = tokens.AcceptKeyword("mask") ? values.ReadOctet("mask") : TcpFlagTest.AllFlags;
        bool negated = tokens.AcceptPunctuation("!");
        tokens.ExpectKeyword("equals");
        return new Clause<TcpFlagTest>(new TcpFlagTest(mask, values.ReadOctet("equals")), negated);
    }

    private Clause<Comparison> ReadSampling()
    {
        (ComparisonOperator how, bool negated) = values.ReadOperator(isRequired: false);
        return new Clause<Comparison>(new Comparison(how, values.ReadNumber("a sampling rate", 0, uint.MaxValue)), negated);
    }

    private NatClause ReadNat()
    {
        EndpointClause? source = tokens.AcceptKeyword("src") ? ReadEndpoint() : null;
        EndpointClause? destination = tokens.AcceptKeyword("dst") ? ReadEndpoint() : null;
        if (source is null && destination is null)
            tokens.Fail("\"src\" or \"dst\"");
        return new NatClause(source, destination);
    }

    private IcmpTest ReadIcmp()
    {
        if (!tokens.Accept(TokenKind.Word, "type"))
            tokens.Fail("\"type\"");
        byte type = values.ReadOctet("the type");
        return new IcmpTest(type, tokens.Accept(TokenKind.Word, "code") ? values.ReadOctet("the code") : null);
    }

    private Clause<ElementTest> ReadElement()
    {
        bool negated = tokens.AcceptPunctuation("!");
        Token name = tokens.ExpectString("the name of an information element");
        if (!InformationElements.TryFind(name.Text, out uint enterprise, out ushort id))
            tokens.Report(name, $"\"{name.Text}\" is not an information element: there are IANA's names, and e9id12235 for number 12235 of enterprise 9");
        (ComparisonOperator how, bool differs) = values.ReadOperator(isRequired: true);
        ElementTest test = values.ReadElementOperand(new ElementTest(enterprise, id, new Comparison(how, 0)));
        return new Clause<ElementTest>(test, negated != differs);
    }

    private FilterRule ReadAfter(FilterRule rule)
        => tokens.AcceptKeyword("date") ? rule with { AfterDate = values.ReadDate() } : rule with { AfterTime = values.ReadTimeOfDay() };

    private FilterRule ReadBefore(FilterRule rule)
        => tokens.AcceptKeyword("date") ? rule with { BeforeDate = values.ReadDate() } : rule with { BeforeTime = values.ReadTimeOfDay() };
}
