using System;
using System.Collections.Generic;
using Flowd.Config.Text;

namespace Flowd.Config.Syntax;

/// <summary>Reads a whole file, a line after the other; a mistake costs its line and no more.</summary>
internal sealed class Parser
{
    private readonly DiagnosticList _diagnostics;
    private readonly MacroTable _macros;
    private readonly TokenStream _tokens;
    private readonly ConfigurationDraft _draft = new();
    private readonly DirectiveParser _directives;
    private readonly RuleParser _rules;

    public Parser(string text, string fileName, IReadOnlyDictionary<string, string> macros)
    {
        _diagnostics = new DiagnosticList(fileName, text);
        _macros = new MacroTable(macros);
        _tokens = new TokenStream(new Lexer(text, _macros), _diagnostics);
        var values = new ValueReader(_tokens, _draft);
        _directives = new DirectiveParser(_tokens, values, _draft, _diagnostics);
        _rules = new RuleParser(_tokens, values, _draft);
    }

    public ParseResult Parse(ConfigScope scope)
    {
        while (!_tokens.AtEndOfFile)
        {
            _tokens.BeginStatement();
            ParseStatement(_tokens.Take());
        }

        int end = _tokens.Current.Offset;
        if (scope == ConfigScope.Daemon)
            CheckMandatory(end);
        foreach ((string name, int? offset) in _macros.Unused())
            _diagnostics.Warning(offset ?? end, $"macro \"{name}\" is not used");
        foreach (PrefixTable table in _draft.Tables)
        {
            if (_diagnostics.Errors == 0 && !_draft.UsedTables.Contains(table.Name))
                _diagnostics.Warning(end, $"table <{table.Name}> is not used");
        }

        return new ParseResult(_diagnostics.Errors == 0 ? _draft.Finish() : null, _diagnostics.InOrderOfText());
    }

    private void ParseStatement(Token first)
    {
        if (BeginsRule(first))
        {
            _rules.Read(first);
            return;
        }

        if (first.Kind == TokenKind.Keyword)
            ParseDirective(first);
        else if (first.IsString)
            ParseMacroOrDirective(first);
        else if (first.Kind != TokenKind.EndOfLine)
            _tokens.FailAt(first, $"expected a directive or a rule, found {first}");
        _tokens.EndStatement("end of line");
    }

    // "match" may be the name of a macro.
    private bool BeginsRule(Token first)
        => (first.Kind == TokenKind.Keyword && first.Text is "accept" or "discard")
        || (first.Is(TokenKind.Word, "match") && !_tokens.Current.Is(TokenKind.Punctuation, "="));

    private void ParseDirective(Token keyword)
    {
        if (_tokens.Current.Is(TokenKind.Punctuation, "="))
            _tokens.FailAt(keyword, $"{keyword} is a reserved word and cannot name a macro");
        else if (DirectiveParser.IsDirective(keyword.Text))
            _directives.Read(keyword);
        else
            _tokens.FailAt(keyword, $"expected a directive or a rule, found {keyword}");
    }

    private void ParseMacroOrDirective(Token name)
    {
        if (_tokens.AcceptPunctuation("="))
            DefineMacro(name, _tokens.ExpectStrings("the value of the macro"));
        else if (name.Kind == TokenKind.Word && DirectiveParser.IsDirective(name.Text))
            _directives.Read(name);
        else
            _tokens.FailAt(name, $"{name} is not a directive");
    }

    private void DefineMacro(Token name, Token value)
    {
        if (name.Text.Length == 0 || name.Text.AsSpan().ContainsAnyExcept(Words.MacroName))
            _tokens.Report(name, $"{name} cannot name a macro: only letters, digits and \"_\" can");
        else if (value.Text.Length > TokenStream.LongestText)
            _tokens.Report(value, $"the value of the macro is longer than {TokenStream.LongestText} characters");
        else if (!_tokens.StatementHasErrors)
            _macros.Define(name.Text, value.Text, name.Offset);
    }

    private void CheckMandatory(int end)
    {
        if (_draft.ListenOn.Count == 0)
            _diagnostics.Error(end, "there is no \"listen on\"");
        if (_draft.LogFiles.TrueForAll(line => line.IsOfNotes) && _draft.LogSocket is null)
            _diagnostics.Error(end, "there is neither \"logfile\" nor \"logsock\"");
    }
}
