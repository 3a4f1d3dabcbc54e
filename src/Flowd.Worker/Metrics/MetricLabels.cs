using System;
using System.Text;

namespace Flowd.Worker.Metrics;

/// <summary>Labels as the text format of Prometheus has them, without the braces: `exporter="192.0.2.1",version="9"`.</summary>
internal static class MetricLabels
{
    /// <summary>Octets of UTF-8. What is no valid UTF-16 becomes U+FFFD.</summary>
    public static byte[] Of(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach ((string name, string value) in labels)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"");
            AppendEscaped(text, value);
            text.Append('"');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A name of our code as a label value: UnknownTemplate becomes unknown_template.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (char character in name)
        {
            if (char.IsAsciiLetterUpper(character) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (char character in value)
        {
            _ = character switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(character),
            };
        }
    }
}
