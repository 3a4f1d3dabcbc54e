using System;

namespace Flowd.Config.Text;

/// <summary>
/// The characters of a configuration, without the backslashes and line ends that join lines. The value of a macro can be put before what
/// follows, as if it stood in the text.
/// </summary>
internal sealed class CharacterReader(string text)
{
    /// <summary>What <see cref="Peek"/> returns behind the last character.</summary>
    public const int End = -1;

    private int _position;
    private string _macro = "";
    private int _macroPosition;
    private int _macroUse;

    /// <summary>The offset of the next character, or of the use of the macro that it comes from.</summary>
    public int Offset => InMacro ? _macroUse : _position;

    /// <summary>The offset of the next character of the text itself.</summary>
    public int TextOffset => _position;

    public bool InMacro => _macroPosition < _macro.Length;

    public int Peek()
    {
        if (InMacro)
            return _macro[_macroPosition];
        SkipJoinedLines();
        return _position < text.Length ? text[_position] : End;
    }

    /// <summary>Moves on; there must be a character.</summary>
    public void Skip()
    {
        if (InMacro)
            _macroPosition++;
        else
            _position++;
    }

    public void PutMacro(string value, int use)
    {
        _macro = value;
        _macroPosition = 0;
        _macroUse = use;
    }

    /// <summary>Goes on reading at <paramref name="offset"/>; the rest of a macro is forgotten.</summary>
    public void MoveTo(int offset)
    {
        _macro = "";
        _macroPosition = 0;
        _position = offset;
    }

    /// <summary>Moves to the end of the line; joined lines are one.</summary>
    public void SkipLine()
    {
        while (Peek() is not ('\n' or End))
            Skip();
    }

    /// <summary>True at a carriage return and a line feed, which are one line end.</summary>
    public bool AtCarriageReturn() => !InMacro && text.AsSpan(_position).StartsWith("\r\n", StringComparison.Ordinal);

    private void SkipJoinedLines()
    {
        while (_position < text.Length && text[_position] == '\\')
        {
            ReadOnlySpan<char> behind = text.AsSpan(_position + 1);
            int length = behind.StartsWith("\n", StringComparison.Ordinal) ? 2 : behind.StartsWith("\r\n", StringComparison.Ordinal) ? 3 : 0;
            if (length == 0)
                return;
            _position += length;
        }
    }
}
