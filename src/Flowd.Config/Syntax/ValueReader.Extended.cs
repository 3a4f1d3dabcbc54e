using Flowd.Config.Text;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config.Syntax;

internal sealed partial class ValueReader
{
    private const int EngineShift = 56;

    /// <summary>How a number is compared: =, !=, &lt;, &lt;=, &gt;, &gt;=, or "!" alone. What is not required is equality.</summary>
    public (ComparisonOperator Operator, bool Negated) ReadOperator(bool isRequired)
    {
        bool negated = tokens.AcceptPunctuation("!");
        bool less = !negated && tokens.AcceptPunctuation("<");
        bool greater = !negated && !less && tokens.AcceptPunctuation(">");
        bool equal = tokens.AcceptPunctuation("=");
        if (isRequired && !(negated || less || greater || equal))
            tokens.Fail("one of =, !=, <, <=, >, >=");
        ComparisonOperator how = less ? (equal ? ComparisonOperator.AtMost : ComparisonOperator.Less)
            : greater ? (equal ? ComparisonOperator.AtLeast : ComparisonOperator.Greater)
            : ComparisonOperator.Equal;
        return (how, negated);
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

    /// <summary>What the value of an element is compared with, by the type of the element.</summary>
    public ElementTest ReadElementOperand(ElementTest test)
    {
        ElementType type = InformationElements.Find(test.Enterprise, test.Id)?.Type ?? ElementType.Octets;
        Token token = tokens.Current;
        switch (type)
        {
            case ElementType.IPv4 or ElementType.IPv6:
                test = test with { Prefix = ReadPrefix() };
                break;
            case ElementType.Mac:
                test = test with { Number = test.Number with { Operand = ReadMac() } };
                return test;
            case ElementType.Text:
            case ElementType.Octets or ElementType.Float or ElementType.List when !NumberText.TryParse(token.Text, out _):
                test = test with { Text = ReadElementText() };
                break;
            default:
                return test with { Number = test.Number with { Operand = ReadNumber("the value", 0, ulong.MaxValue) } };
        }

        if (test.Number.Operator != ComparisonOperator.Equal)
            tokens.Report(token, "addresses and texts are equal or not; nothing else");
        return test;
    }

    private string ReadElementText()
    {
        Token token = tokens.ExpectString("a text");
        if (token.Text.Contains('"') && token.Text.Contains('\''))
            tokens.Report(token, "a text with quotes of both kinds cannot be asked for");
        return token.Text;
    }
}
