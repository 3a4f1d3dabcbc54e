using System.Globalization;
using System.Linq;
using System.Text;
using Flowd.Config.Syntax;
using Flowd.Config.Text;
using Flowd.Records;

namespace Flowd.Config;

/// <summary>A <c>logfile</c> line in normal form.</summary>
internal static class LogFilePrinter
{
    public static string Print(LogFile line)
    {
        var text = new StringBuilder("logfile " + Words.Quote(line.Pattern));
        if (line.IsOfNotes)
            text.Append(" notes");
        if (line.Rotation is { } rotation)
            text.Append(" rotate ").Append(Amounts.Print(rotation.Seconds, Amounts.Seconds)).Append(rotation.IsAligned ? " align" : "");
        if (line.KeepSeconds is { } seconds)
            text.Append(" keep ").Append(Amounts.Print(seconds, Amounts.Seconds));
        if (line.MaxOctets is { } octets)
            text.Append(" max ").Append(Amounts.Print(octets, Amounts.Octets));
        if (line.ZstdLevel is { } level)
            text.Append(CultureInfo.InvariantCulture, $" compress zstd {level}");
        if (line.Exec is { } command)
            text.Append(" exec ").Append(Words.Quote(command));
        if (line.Store != LogFields.None)
            text.Append(" store ").AppendJoin(", ", StoreFields.NamesOf(line.Store));
        text.Append(Print(line.Anonymize));
        foreach (LogCondition condition in line.Conditions)
            text.Append(condition.IsNegated ? " not" : "").Append(Print(condition));
        return text.ToString();
    }

    /// <summary>With a blank in front; nothing if there is nothing.</summary>
    public static string Print(Anonymization? anonymization) => anonymization switch
    {
        null => "",
        { Method: AnonymizeMethod.CryptoPan } => $" anonymize cryptopan {Words.Quote(anonymization.KeyFile!)}",
        _ => string.Create(CultureInfo.InvariantCulture, $" anonymize truncate {anonymization.IPv4Bits} {anonymization.IPv6Bits}"),
    };

    private static string Print(LogCondition condition)
        => condition.From is { } prefix
            ? $" from {prefix}"
            : " tag " + string.Join(", ", condition.Tags.Select(tag => tag.ToString(CultureInfo.InvariantCulture)));
}
