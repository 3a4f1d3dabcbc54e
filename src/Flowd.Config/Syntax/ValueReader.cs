using System;
using Flowd.Config.Text;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

/// <summary>Reads the values of directives and clauses. A wrong one is reported and comes back as a harmless default.</summary>
internal sealed partial class ValueReader(TokenStream tokens)
{
    private const ulong HighestBufferSize = int.MaxValue;
    private const ulong LowestPort = 1;

    /// <summary>A value that <c>!</c> may precede.</summary>
    public Clause<T> ReadClause<T>(Func<T> read)
    {
        bool negated = tokens.AcceptPunctuation("!");
        return new Clause<T>(read(), negated);
    }

    public ulong ReadNumber(string what, ulong least, ulong most)
    {
        Token token = tokens.ExpectString("a number");
        TryNumber(token, token.Text, what, least, most, out ulong number);
        return number;
    }

    public byte ReadOctet(string what) => (byte)ReadNumber(what, 0, byte.MaxValue);

    public ushort ReadPort() => (ushort)ReadNumber("a port", LowestPort, ushort.MaxValue);

    /// <summary>Reads <c>bufsize N</c>, if it stands there; 0 is the same as leaving it out.</summary>
    public int? ReadBufferSize()
    {
        if (!tokens.AcceptKeyword("bufsize"))
            return null;
        int size = (int)ReadNumber("bufsize", 0, HighestBufferSize);
        return size == 0 ? null : size;
    }

    public byte ReadProtocol()
    {
        Token token = tokens.ExpectStrings("a protocol", RuleParser.IsClause);
        if (ProtocolNames.TryFind(token.Text, out byte number))
            return number;
        if (NumberText.TryParse(token.Text, out ulong value) && value is > 0 and <= byte.MaxValue)
            return (byte)value;
        tokens.Report(token, $"\"{token.Text}\" is not a protocol");
        return 0;
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
