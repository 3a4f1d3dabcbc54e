namespace Flowd.Config.Text;

/// <summary>
/// A token and the offset of its first character; one out of a macro has that of the macro's use. SpansLines: a string in quotes that goes
/// over the end of a line.
/// </summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Offset, bool SpansLines = false)
{
    /// <summary>A word or a string: what the grammar calls a string.</summary>
    public bool IsString => Kind is TokenKind.Word or TokenKind.Quoted;

    public bool EndsLine => Kind is TokenKind.EndOfLine or TokenKind.EndOfFile;

    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    /// <summary>For diagnostics: what was found here.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.EndOfFile => "end of file",
        TokenKind.EndOfLine => "end of line",
        _ => $"\"{Text}\"",
    };
}
