using System;
using System.Text;
using Flowd.Config.Text;

namespace Flowd.Config.Syntax;

/// <summary>
/// The tokens of a file, one ahead. Two kinds of mistakes: a wrong value is reported and reading goes on; a wrong token fails the
/// statement: the rest of its line is skipped and whatever else is asked for is not there, without further complaint.
/// </summary>
internal sealed class TokenStream(Lexer lexer, DiagnosticList diagnostics)
{
    /// <summary>No value is longer. Without a bound, macros made of macros could fill the memory with a few lines.</summary>
    public const int LongestText = 8192;

    private bool _failed;
    private int _errorsBefore;

    public Token Current { get; private set; } = lexer.Next();

    public bool AtEndOfFile => Current.Kind == TokenKind.EndOfFile;

    /// <summary>True once the present statement was given up.</summary>
    public bool HasFailed => _failed;

    /// <summary>True if the present statement has had a mistake of either kind.</summary>
    public bool StatementHasErrors => diagnostics.Errors > _errorsBefore;

    public void BeginStatement()
    {
        _failed = false;
        _errorsBefore = diagnostics.Errors;
    }

    /// <summary>Returns the current token and moves on; stays at the end of a line.</summary>
    public Token Take()
    {
        Token taken = Current;
        if (taken.SpansLines) // allowed, but more likely a quote is missing and whole lines went into the string
            diagnostics.Warning(taken.Offset, "this string goes over the end of a line");
        if (!taken.EndsLine)
            Current = lexer.Next();
        return taken;
    }

    public void EndStatement(string expected)
    {
        if (!Current.EndsLine)
            Fail(expected);
        if (Current.Kind == TokenKind.EndOfLine)
            Current = lexer.Next();
    }

    public bool Accept(TokenKind kind, string text)
    {
        bool accepted = Current.Is(kind, text);
        if (accepted)
            Take();
        return accepted;
    }

    /// <summary>Goes on to the next line that has something on it, within braces.</summary>
    public void SkipLineEnds()
    {
        while (!_failed && Current.Kind == TokenKind.EndOfLine)
            Current = lexer.Next();
    }

    public bool AcceptWord(string word) => Accept(TokenKind.Word, word);

    public bool AcceptKeyword(string keyword) => Accept(TokenKind.Keyword, keyword);

    public bool AcceptPunctuation(string character) => Accept(TokenKind.Punctuation, character);

    public void ExpectKeyword(string keyword) => Expect(TokenKind.Keyword, keyword);

    /// <summary>Takes a word that is no keyword elsewhere.</summary>
    public void ExpectWord(string word) => Expect(TokenKind.Word, word);

    public void ExpectPunctuation(string character) => Expect(TokenKind.Punctuation, character);

    /// <summary>Takes a word or a string in quotes; <paramref name="expected"/> says what it should be.</summary>
    public Token ExpectString(string expected)
    {
        if (Current.IsString)
            return Take();
        Fail(expected);
        return Current;
    }

    /// <summary>Takes one or more strings, joined by single blanks. What comes after <see cref="LongestText"/> characters is left out.</summary>
    public Token ExpectStrings(string expected) => ExpectWhile(expected, static token => token.IsString);

    /// <summary>The same, up to a word that <paramref name="ends"/>.</summary>
    public Token ExpectStrings(string expected, Func<string, bool> ends)
        => ExpectWhile(expected, token => token.IsString && !(token.Kind == TokenKind.Word && ends(token.Text)));

    /// <summary>The same where other words may follow: only strings in quotes are joined.</summary>
    public Token ExpectQuoted(string expected) => ExpectWhile(expected, static token => token.Kind == TokenKind.Quoted);

    private void Expect(TokenKind kind, string text)
    {
        if (!Accept(kind, text))
            Fail($"\"{text}\"");
    }

    private Token ExpectWhile(string expected, Func<Token, bool> isMore)
    {
        Token first = ExpectString(expected);
        var text = new StringBuilder(first.Text);
        while (isMore(Current))
        {
            Token next = Take();
            if (text.Length <= LongestText)
                text.Append(' ').Append(next.Text);
        }

        return first with { Text = text.ToString() };
    }

    /// <summary>Reports a wrong value, unless the statement has failed and the value was never there.</summary>
    public void Report(Token at, string message)
    {
        if (!_failed)
            diagnostics.Error(at.Offset, message);
    }

    /// <summary>Reports the current token as not what it should be, and gives the statement up.</summary>
    public void Fail(string expected) => FailAt(Current, $"expected {expected}, found {Current}{HintFor(Current)}");

    public void FailAt(Token at, string message)
    {
        if (_failed)
            return;
        Report(at, at.Kind == TokenKind.Invalid ? at.Text : message);
        _failed = true;
        if (Current.EndsLine)
            return;
        lexer.SkipLine();
        Current = lexer.Next();
    }

    private static string HintFor(Token token)
        => token.Kind == TokenKind.Punctuation && "/-(){}<>".Contains(token.Text, StringComparison.Ordinal)
            ? $"; a string with {token} needs quotes" : "";
}
