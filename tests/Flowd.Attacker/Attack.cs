using System;

namespace Flowd.Attacker;

/// <summary>One thing that an attacker would try; the result is what the kernel returned.</summary>
internal sealed record Attack(string Name, Func<Loot, nint> Try);
