namespace Flowd.Config.Text;

/// <summary>What a token is.</summary>
internal enum TokenKind : byte
{
    EndOfFile,
    EndOfLine,

    /// <summary>A reserved word, without quotes.</summary>
    Keyword,

    /// <summary>Any other word without quotes.</summary>
    Word,

    /// <summary>A string in quotes, which are not part of its text.</summary>
    Quoted,

    /// <summary>A single character that stands for itself.</summary>
    Punctuation,

    /// <summary>Not a token; the text is the message that says why.</summary>
    Invalid,
}
