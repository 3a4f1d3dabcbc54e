using System.Collections.Generic;

namespace Flowd.Config;

/// <summary>The configuration, or null if there was any error; and everything there is to say, in the order of the text.</summary>
public sealed record ParseResult(Configuration? Configuration, IReadOnlyList<Diagnostic> Diagnostics);
