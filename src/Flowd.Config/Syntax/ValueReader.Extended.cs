using System;
using System.Collections.Generic;
using Flowd.Config.Text;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config.Syntax;

internal sealed partial class ValueReader
{
    private const int EngineShift = 56;

    private static readonly (string Name, NumberRange Range)[] Versions =
    [
        ("netflow", new NumberRange(1, 9)),
        ("ipfix", new NumberRange(10, 10)),
        ("sflow", new NumberRange(32772, 32773)),
        ("sflow4", new NumberRange(32772, 32772)),
        ("sflow5", new NumberRange(32773, 32773)),
    ];

    /// <summary>A number as the datagram has it, or a name; some stand for several.</summary>
    public NumberRange ReadVersion(NumberForm form)
    {
        if (tokens.Current.Kind == TokenKind.Word && Array.Find(Versions, row => row.Name == tokens.Current.Text) is { Name: not null } named)
        {
            tokens.Take();
            return named.Range;
        }

        ulong number = ReadNumber(form.What, form.Least, form.Most);
        return new NumberRange(number, number);
    }

    public ulong ReadMac()
    {
        Token token = tokens.ExpectString("a MAC address");
        if (!MacText.TryParse(token.Text, out ulong mac))
            tokens.Report(token, $"\"{token.Text}\" is not a MAC address such as 00:00:5e:00:53:01");
        return mac;
    }

    public byte ReadDirection()
    {
        Token token = tokens.ExpectString("\"ingress\" or \"egress\"");
        if (token.Text is not ("ingress" or "egress"))
            tokens.Report(token, $"\"{token.Text}\" is neither ingress nor egress");
        return token.Text == "egress" ? (byte)1 : (byte)0;
    }

    /// <summary>ENGINE:SELECTOR (RFC 6759).</summary>
    public ulong ReadApplication()
    {
        Token token = tokens.ExpectString("an application");
        string[] parts = token.Text.Split(':');
        if (parts.Length != 2)
        {
            tokens.Report(token, $"\"{token.Text}\" is not an application such as 13:453, engine and selector");
            return 0;
        }

        bool isGood = TryNumber(token, parts[0], "the engine", 0, byte.MaxValue, out ulong engine);
        isGood &= TryNumber(token, parts[1], "the selector", 0, (1UL << EngineShift) - 1, out ulong selector);
        return isGood ? engine << EngineShift | selector : 0;
    }

    /// <summary>What the value of an element must be, by the type of the element: numbers, prefixes or texts.</summary>
    public Condition ReadElementValue(uint enterprise, ushort id, bool needsOperator)
    {
        ElementType type = InformationElements.Find(enterprise, id)?.Type ?? ElementType.Octets;
        if (needsOperator && !(tokens.Current.Kind == TokenKind.Punctuation && tokens.Current.Text is "=" or "<" or ">"))
            tokens.Fail("one of =, !=, <, <=, >, >=");
        if (type is ElementType.IPv4 or ElementType.IPv6)
        {
            ReadEquals();
            return ReadAddressList((prefixes, table) => new ElementAddressIn(enterprise, id, prefixes, table));
        }

        if (type == ElementType.Text || (type is ElementType.Octets or ElementType.Float or ElementType.List && IsTextNext()))
            return ReadElementTexts(enterprise, id);
        return new ElementIn(enterprise, id, ReadRanges(type == ElementType.Mac ? NumberForms.MacElement : NumberForms.Element));
    }

    // What is no number behind the operator. Elements that nobody knows the type of have both.
    private bool IsTextNext()
    {
        if (!tokens.AcceptPunctuation("="))
            return false;
        Token next = tokens.Current;
        return next.IsString && !NumberText.TryParse(next.Text, out _);
    }

    private void ReadEquals()
    {
        Token how = tokens.Current;
        if (tokens.AcceptPunctuation("<") | tokens.AcceptPunctuation(">"))
            tokens.Report(how, "addresses and texts are equal or not; nothing else");
        tokens.AcceptPunctuation("=");
    }

    private Condition ReadElementTexts(uint enterprise, ushort id)
    {
        ReadEquals();
        var texts = new List<Condition>();
        ReadList(() => texts.Add(new ElementIs(enterprise, id, ReadElementText())));
        return Condition.Any(texts);
    }

    private string ReadElementText()
    {
        Token token = tokens.ExpectString("a text");
        if (token.Text.Contains('"') && token.Text.Contains('\''))
            tokens.Report(token, "a text with quotes of both kinds cannot be asked for");
        return token.Text;
    }
}
