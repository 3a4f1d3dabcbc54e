using System.Collections.Generic;
using Flowd.Config.Text;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

/// <summary>Reads the values of directives and clauses. A wrong one is reported and comes back as a harmless default.</summary>
internal sealed partial class ValueReader(TokenStream tokens, ConfigurationDraft draft)
{
    private const ulong HighestBufferSize = int.MaxValue;
    private const ulong LowestPort = 1;

    public ulong ReadNumber(string what, ulong least, ulong most)
    {
        Token token = tokens.ExpectString("a number");
        TryNumber(token, token.Text, what, least, most, out ulong number);
        return number;
    }

    public byte ReadOctet(string what) => (byte)ReadNumber(what, 0, byte.MaxValue);

    /// <summary>Reads <c>bufsize N</c>, if it stands there; 0 is the same as leaving it out.</summary>
    public int? ReadBufferSize()
    {
        if (!tokens.AcceptKeyword("bufsize"))
            return null;
        int size = (int)ReadNumber("bufsize", 0, HighestBufferSize);
        return size == 0 ? null : size;
    }

    /// <summary>A name, of several words or with hyphens perhaps, or a number; or two of those with a hyphen between them.</summary>
    public NumberRange ReadProtocols()
    {
        Token first = tokens.ExpectStrings("a protocol", RuleParser.IsClause);
        if (!tokens.AcceptPunctuation("-"))
            return Single(ProtocolOf(first));
        Token last = tokens.ExpectStrings("a protocol", RuleParser.IsClause);
        string name = first.Text + "-" + last.Text;
        while (!ProtocolNames.TryFind(name, out _) && tokens.AcceptPunctuation("-"))
            name += "-" + (last = tokens.ExpectStrings("a protocol", RuleParser.IsClause)).Text;
        if (ProtocolNames.TryFind(name, out byte number))
            return Single(number);
        if (name != first.Text + "-" + last.Text)
            return Single(ProtocolOf(first with { Text = name }));
        var range = new NumberRange(ProtocolOf(first), ProtocolOf(last));
        if (range.Low > range.High && !tokens.StatementHasErrors)
            tokens.Report(first, $"\"{name}\" is not a protocol");
        return range;
    }

    private byte ProtocolOf(Token token)
    {
        if (ProtocolNames.TryFind(token.Text, out byte number))
            return number;
        if (NumberText.TryParse(token.Text, out ulong value) && value is > 0 and <= byte.MaxValue)
            return (byte)value;
        tokens.Report(token, $"\"{token.Text}\" is not a protocol");
        return 0;
    }

    private static NumberRange Single(ulong number) => new(number, number);

    /// <summary>One tag or more with commas between them, by number or by the name that a <c>tag</c> line gave it.</summary>
    public uint[] ReadTags()
    {
        var tags = new List<uint>();
        do
            tags.Add(ReadTag());
        while (tokens.AcceptPunctuation(","));
        return [.. tags];
    }

    private uint ReadTag()
    {
        Token token = tokens.ExpectString("a tag");
        if (token.Text.Length == 0 || char.IsAsciiDigit(token.Text[0]))
        {
            TryNumber(token, token.Text, "a tag", 0, uint.MaxValue, out ulong number);
            return (uint)number;
        }

        if (!draft.TagNames.TryGetValue(token.Text, out uint tag))
            tokens.Report(token, $"\"{token.Text}\" is not a number and no tag line above names it");
        return tag;
    }

    private bool TryNumber(Token at, string text, string what, ulong least, ulong most, out ulong value)
    {
        if (!NumberText.TryParse(text, out value))
            tokens.Report(at, $"\"{text}\" is not a number");
        else if (value < least || value > most)
            tokens.Report(at, $"{what} must be {least} to {most}, not {text}");
        else
            return true;
        value = least;
        return false;
    }
}
