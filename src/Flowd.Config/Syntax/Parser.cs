using System;
using System.Text;
using Flowd.Config.Text;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

/// <summary>Reads a whole file, a line after the other, and those that it includes; a mistake costs its line and no more.</summary>
internal sealed class Parser
{
    private const int MostIncludes = 16;

    private readonly string _fileName;
    private readonly ParserSession _session;
    private readonly DiagnosticList _diagnostics;
    private readonly TokenStream _tokens;
    private readonly DirectiveParser _directives;
    private readonly RuleParser _rules;

    public Parser(string text, string fileName, ParserSession session)
    {
        _fileName = fileName;
        _session = session;
        _diagnostics = new DiagnosticList(fileName, text);
        _tokens = new TokenStream(new Lexer(text, session.Macros), _diagnostics);
        var values = new ValueReader(_tokens, session.Draft);
        _directives = new DirectiveParser(_tokens, values, session.Draft, _diagnostics, this);
        _rules = new RuleParser(_tokens, values, session.Draft);
    }

    public ParseResult Parse(ConfigScope scope)
    {
        ReadStatements();
        int end = _tokens.Current.Offset;
        if (scope == ConfigScope.Daemon)
            CheckMandatory(end);
        foreach ((string name, int? offset) in _session.Macros.Unused())
            _diagnostics.Warning(offset ?? end, $"macro \"{name}\" is not used");
        if (_diagnostics.Errors == 0)
            SayUnusedTables(end);
        return new ParseResult(_diagnostics.Errors == 0 ? _session.Draft.Finish() : null, _diagnostics.InOrderOfText());
    }

    /// <summary>Reads another file as if it stood here.</summary>
    public void Include(Token at, string writtenPath)
    {
        string path = SourceFiles.Resolve(writtenPath, _fileName);
        if (_session.Open.Contains(path))
            _diagnostics.Error(at.Offset, $"{path} includes itself");
        else if (_session.Open.Count > MostIncludes)
            _diagnostics.Error(at.Offset, $"more than {MostIncludes} files that include each other");
        else
            Include(at, path, _session.Files.Read(path, ConfigurationFile.LargestText));
    }

    private void Include(Token at, string path, ConfigurationFile file)
    {
        if (file.Content is { } content)
            _diagnostics.Include(at.Offset, new Parser(Encoding.UTF8.GetString(content), path, _session).ReadIncluded());
        else
            _diagnostics.Error(at.Offset, $"{path}: {file.Trouble}");
    }

    /// <summary>The prefixes of the file of a table.</summary>
    public (string Path, PrefixSet Prefixes) ReadTable(Token at, string writtenPath)
    {
        string path = SourceFiles.Resolve(writtenPath, _fileName);
        return (path, _session.Files.ReadTable(at, path, _diagnostics));
    }

    private Diagnostic[] ReadIncluded()
    {
        ReadStatements();
        return _diagnostics.InOrderOfText();
    }

    private void ReadStatements()
    {
        _session.Open.Push(_fileName);
        while (!_tokens.AtEndOfFile)
        {
            _tokens.BeginStatement();
            ParseStatement(_tokens.Take());
        }

        _session.Open.Pop();
    }

    private void SayUnusedTables(int end)
    {
        foreach (PrefixTable table in _session.Draft.Tables)
        {
            if (!_session.Draft.UsedTables.Contains(table.Name))
                _diagnostics.Warning(end, $"table <{table.Name}> is not used");
        }
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
            _session.Macros.Define(name.Text, value.Text, name.Offset, warns: _session.Open.Count == 1);
    }

    private void CheckMandatory(int end)
    {
        if (_session.Draft.ListenOn.Count == 0)
            _diagnostics.Error(end, "there is no \"listen on\"");
        if (_session.Draft.LogFiles.TrueForAll(line => line.IsOfNotes) && _session.Draft.LogSocket is null)
            _diagnostics.Error(end, "there is neither \"logfile\" nor \"logsock\"");
    }
}
