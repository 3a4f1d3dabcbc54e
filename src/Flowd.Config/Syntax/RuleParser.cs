using System;
using System.Collections.Generic;
using Flowd.Config.Text;
using Flowd.Filter;

namespace Flowd.Config.Syntax;

/// <summary>
/// Reads a rule: accept, discard or match, then in any order what it does and what it asks, or "all" in the place of that. Conditions beside each other must
/// all hold, "or" stands between alternatives, and "not" and parentheses mean what they mean elsewhere.
/// </summary>
internal sealed class RuleParser(TokenStream tokens, ValueReader values, ConfigurationDraft draft)
{
    /// <summary>Parentheses within each other; nobody needs more, and each costs stack.</summary>
    private const int MostDepth = 50;

    private const int LongestLabel = 63;

    private static readonly Dictionary<string, Func<RuleParser, FilterRule, FilterRule>> Actions = new(StringComparer.Ordinal)
    {
        ["tag"] = static (p, rule) => rule with { Tags = p._values.ReadTags() },
        ["quick"] = static (_, rule) => rule with { Quick = true },
        ["label"] = static (p, rule) => rule with { Label = p.ReadLabel() },
        ["all"] = static (_, rule) => rule,
    };

    private static readonly string[] Operators = ["and", "or", "not"];

    private readonly ValueReader _values = values;
    private readonly ClauseParser _clauses = new(tokens, values);

    // Where what the rule does stood in it.
    private readonly Dictionary<string, Token> _actions = new(StringComparer.Ordinal);
    private FilterRule _rule = new();
    private bool _hasConditions;

    /// <summary>Reads what follows the first word, to the end of the line.</summary>
    public void Read(Token action)
    {
        _actions.Clear();
        _clauses.Clear();
        _hasConditions = false;
        _rule = new FilterRule { Action = action.Text switch { "accept" => FilterAction.Accept, "discard" => FilterAction.Discard, _ => FilterAction.Match } };
        Condition when = ReadAlternatives(depth: 0);
        tokens.EndStatement(_actions.ContainsKey("all") ? "end of line behind \"all\"" : "a clause or end of line");
        _rule = _rule with { When = when };
        if (!tokens.StatementHasErrors)
            Check();
        draft.Rules.Add(_rule);
    }

    /// <summary>All words that rules are made of, but for numbers and names.</summary>
    public static IEnumerable<string> Words => [.. ClauseParser.All, .. Actions.Keys, .. Operators];

    /// <summary>True for a word that means something where a clause may begin.</summary>
    public static bool IsClause(string word) => ClauseParser.IsClause(word) || Actions.ContainsKey(word) || Array.IndexOf(Operators, word) >= 0;

    private Condition ReadAlternatives(int depth)
    {
        var alternatives = new List<Condition> { ReadConjunction(depth) };
        while (tokens.AcceptWord("or"))
        {
            RequireCondition(alternatives[^1]);
            alternatives.Add(ReadConjunction(depth));
            RequireCondition(alternatives[^1]);
        }

        return Condition.Any(alternatives);
    }

    private void RequireCondition(Condition condition)
    {
        if (condition == Condition.Always)
            tokens.Fail("a clause");
    }

    private Condition ReadConjunction(int depth)
    {
        var scope = new ClauseScope();
        while (true)
        {
            if (depth == 0 && TryReadAction())
                continue;
            bool mustFollow = scope.Parts.Count > 0 && tokens.AcceptWord("and");
            if (!BeginsCondition())
            {
                if (mustFollow || depth > 0 && scope.Parts.Count == 0)
                    tokens.Fail("a clause");
                return Condition.All(scope.Parts);
            }

            _hasConditions = true;
            ReadCondition(scope, depth);
        }
    }

    private bool BeginsCondition()
        => !_actions.ContainsKey("all")
        && (tokens.Current.Kind == TokenKind.Punctuation ? tokens.Current.Text is "!" or "(" : tokens.Current.Is(TokenKind.Word, "not") || ClauseParser.Begins(tokens.Current));

    private void ReadCondition(ClauseScope scope, int depth)
    {
        bool isOpposite = false;
        bool isPlain = true;
        for (; tokens.AcceptPunctuation("!") || tokens.AcceptWord("not"); isPlain = false)
            isOpposite = !isOpposite;

        if (tokens.Current.Is(TokenKind.Punctuation, "("))
            Add(scope, ReadGroup(depth), isOpposite);
        else if (!isPlain)
            Add(scope, _clauses.ReadAlone(), isOpposite);
        else
            _clauses.Read(scope);
    }

    private static void Add(ClauseScope scope, Condition condition, bool isOpposite) => scope.Parts.Add(isOpposite ? Condition.Opposite(condition) : condition);

    private Condition ReadGroup(int depth)
    {
        Token start = tokens.Take();
        if (depth == MostDepth)
        {
            tokens.FailAt(start, $"more than {MostDepth} parentheses within each other");
            return Condition.Always;
        }

        Condition group = ReadAlternatives(depth + 1);
        tokens.ExpectPunctuation(")");
        return group;
    }

    // "all" stands in the place of conditions.
    private bool TryReadAction()
    {
        Token word = tokens.Current;
        if (word.Kind is not (TokenKind.Keyword or TokenKind.Word) || !Actions.TryGetValue(word.Text, out Func<RuleParser, FilterRule, FilterRule>? read))
            return false;
        if (word.Text == "all" && (_hasConditions || _actions.ContainsKey("all")))
            return false;
        tokens.Take();
        if (!_actions.TryAdd(word.Text, word))
            tokens.Report(word, $"\"{word.Text}\" stands twice");
        _rule = read(this, _rule);
        return true;
    }

    private string ReadLabel()
    {
        Token label = tokens.ExpectString("a text");
        if (label.Text.Contains('"') && label.Text.Contains('\''))
            tokens.Report(label, "a label cannot have quotes of both kinds");
        else if (label.Text.Length is 0 or > LongestLabel)
            tokens.Report(label, $"a label has 1 to {LongestLabel} characters");
        return label.Text;
    }

    private void Check()
    {
        if (_rule.Action == FilterAction.Discard && _actions.TryGetValue("tag", out Token tag))
            tokens.Report(tag, "a discard rule cannot tag");
        if (_rule.Action == FilterAction.Match && _actions.TryGetValue("quick", out Token quick))
            tokens.Report(quick, "a match rule decides nothing and cannot be quick");
        RuleChecks.Run(_rule.When, _clauses.PositionOf, tokens);
    }
}
