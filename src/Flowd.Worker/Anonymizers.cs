using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Anonymize;
using Flowd.Config;
using Flowd.Privsep;

namespace Flowd.Worker;

/// <summary>
/// What the `anonymize` options of a configuration come to. A line whose key is none gets addresses erased, which is said: nothing leaves as it came
/// because of a bad file. Lines that say the same share one, and what it has in its cache.
/// </summary>
public sealed class Anonymizers
{
    private readonly Dictionary<Anonymization, AddressAnonymizer> _made = [];
    private readonly List<string> _troubles = [];
    private readonly AddressAnonymizer?[] _ofLogs;
    private readonly AddressAnonymizer?[] _ofForwards;

    /// <param name="configuration">The lines.</param>
    /// <param name="keys">By the number of their <see cref="KeyOwner"/>.</param>
    public Anonymizers(Configuration configuration, IReadOnlyDictionary<uint, KeyFileContent> keys)
    {
        _ofLogs = [.. configuration.LogFiles.Select((line, i) => Make($"logfile {line.Pattern}", line.Anonymize, new KeyOwner(IsForward: false, i), keys))];
        _ofForwards = [.. configuration.ForwardTo.Select((line, i) => Make($"forward to {line.Address}", line.Anonymize, new KeyOwner(IsForward: true, i), keys))];
    }

    /// <summary>For people: which lines have no key that is one.</summary>
    public IReadOnlyList<string> Troubles => _troubles;

    /// <summary>For a `logfile` line, by its number from 0; null if it wants none.</summary>
    public AddressAnonymizer? OfLog(int line) => _ofLogs[line];

    /// <summary>For a `forward to` line, by its number from 0; null if it wants none.</summary>
    public AddressAnonymizer? OfForward(int line) => _ofForwards[line];

    private AddressAnonymizer? Make(string name, Anonymization? wanted, KeyOwner owner, IReadOnlyDictionary<uint, KeyFileContent> keys)
    {
        if (wanted is null)
            return null;
        if (_made.TryGetValue(wanted, out AddressAnonymizer? made))
            return made;
        return _made[wanted] = wanted.Method switch
        {
            AnonymizeMethod.Truncate => AddressAnonymizer.Truncate(wanted.IPv4Bits, wanted.IPv6Bits),
            AnonymizeMethod.CryptoPan when keys.TryGetValue(owner.Number, out KeyFileContent content) => WithKey(name, wanted, content),
            AnonymizeMethod.CryptoPan => WithKey(name, wanted, new KeyFileContent(null, "was not passed on")),
            _ => throw new InvalidOperationException($"method {wanted.Method}"),
        };
    }

    private AddressAnonymizer WithKey(string name, Anonymization wanted, KeyFileContent content)
    {
        if (content.Key is not null)
            return AddressAnonymizer.CryptoPan(content.Key);
        _troubles.Add($"{name}: {wanted.KeyFile}: {content.Trouble}");
        return AddressAnonymizer.Truncate(0, 0);
    }
}
