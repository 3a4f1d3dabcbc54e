using System.Text;

namespace Flowd.Config.Text;

/// <summary>Splits configuration text into tokens and expands macros. Cannot fail: what is not a token is an Invalid one.</summary>
internal sealed class Lexer(string text, MacroTable macros)
{
    private readonly CharacterReader _reader = new(text);
    private readonly StringBuilder _buffer = new();

    public Token Next()
    {
        while (true)
        {
            int c = _reader.Peek();
            int offset = _reader.Offset;
            if (c is ' ' or '\t' || _reader.AtCarriageReturn())
                _reader.Skip();
            else if (c == '#')
                _reader.SkipLine();
            else if (c == '$' && !_reader.InMacro)
            {
                if (!TryExpand(offset, out Token error))
                    return error;
            }
            else
                return Read(c, offset);
        }
    }

    /// <summary>After a mistake: everything up to the end of the line is not looked at.</summary>
    public void SkipLine()
    {
        _reader.MoveTo(_reader.TextOffset);
        _reader.SkipLine();
    }

    private Token Read(int c, int offset)
    {
        switch (c)
        {
            case CharacterReader.End:
                return new Token(TokenKind.EndOfFile, "", offset);
            case '\'' or '"':
                return ReadQuoted((char)c, offset);
            case '\\':
                return ReadBackslash(offset);
        }

        if (Words.Starts.Contains((char)c))
            return ReadWord(offset);
        _reader.Skip();
        if (c == '\n')
            return new Token(TokenKind.EndOfLine, "", offset);
        if (c > ' ' && c < '\x7F')
            return new Token(TokenKind.Punctuation, ((char)c).ToString(), offset);
        string place = char.IsControl((char)c) ? "has no place here" : "can only stand in quotes";
        return new Token(TokenKind.Invalid, $"character U+{c:X4} {place}", offset);
    }

    private Token ReadWord(int offset)
    {
        _buffer.Clear();
        for (int c = _reader.Peek(); c != CharacterReader.End && Words.Continues.Contains((char)c); c = _reader.Peek())
            Take(c);
        string word = _buffer.ToString();
        if (word.EndsWith('\\'))
            return new Token(TokenKind.Invalid, "a word cannot end in \"\\\"", offset);
        return new Token(ReservedWords.Contains(word) ? TokenKind.Keyword : TokenKind.Word, word, offset);
    }

    // A string may go over several lines; the line ends are not part of it.
    private Token ReadQuoted(char quote, int offset)
    {
        int resume = _reader.TextOffset;
        bool spansLines = false;
        _buffer.Clear();
        _reader.Skip();
        for (int c = _reader.Peek(); c != CharacterReader.End; c = _reader.Peek())
        {
            if (c == quote)
            {
                _reader.Skip();
                return Quoted(_buffer.ToString(), offset) with { SpansLines = spansLines };
            }

            if (c == '\n' || _reader.AtCarriageReturn())
            {
                spansLines = true;
                _reader.Skip();
            }
            else
                Take(c);
        }

        _reader.MoveTo(resume);
        _reader.SkipLine(); // the string may have been meant to end there
        return new Token(TokenKind.Invalid, $"this {quote} has no counterpart", offset);
    }

    private static Token Quoted(string text, int offset)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c) && c != '\t')
                return new Token(TokenKind.Invalid, $"character U+{(int)c:X4} cannot stand in a string", offset);
        }

        return new Token(TokenKind.Quoted, text, offset);
    }

    private Token ReadBackslash(int offset)
    {
        _reader.Skip();
        return _reader.Peek() is ' ' or '\t'
            ? new Token(TokenKind.Invalid, "blank after \"\\\"", offset)
            : new Token(TokenKind.Punctuation, "\\", offset);
    }

    private bool TryExpand(int use, out Token error)
    {
        _buffer.Clear();
        _reader.Skip();
        for (int c = _reader.Peek(); c != CharacterReader.End && Words.MacroName.Contains((char)c); c = _reader.Peek())
            Take(c);
        string name = _buffer.ToString();
        bool found = macros.TryUse(name, out string value);
        if (found)
            _reader.PutMacro(value, use);
        error = new Token(TokenKind.Invalid, $"macro \"{name}\" is not defined", use);
        return found;
    }

    private void Take(int c)
    {
        _buffer.Append((char)c);
        _reader.Skip();
    }
}
