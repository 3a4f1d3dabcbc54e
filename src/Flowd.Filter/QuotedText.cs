namespace Flowd.Filter;

/// <summary>A text in quotes that do not occur in it; no clause has a text with both kinds.</summary>
internal static class QuotedText
{
    public static string Of(string text)
    {
        char quote = text.Contains('"') ? '\'' : '"';
        return quote + text + quote;
    }
}
